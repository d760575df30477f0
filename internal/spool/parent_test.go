package spool

import (
	"path/filepath"
	"slices"
	"testing"
)

// A syncedFS remembers which folders were synced.
type syncedFS struct {
	disk
	synced []string
}

func (f *syncedFS) SyncDir(name string) error {
	f.synced = append(f.synced, name)
	return f.disk.SyncDir(name)
}

// docs/spool-format.md: "SpoolDir itself and all below it are synced when they
// are made". What makes a new folder's name durable is a sync of its parent;
// without it a power failure takes everything that SyncAlways promised.
func TestANewSpoolDirIsMadeDurable(t *testing.T) {
	parent := t.TempDir()
	fsys := &syncedFS{}
	s := open(t, Options{Dir: filepath.Join(parent, "var", "spool"), FS: fsys, Sync: SyncAlways})
	add(t, s, event("a"))
	for _, dir := range []string{parent, filepath.Join(parent, "var")} {
		if !slices.Contains(fsys.synced, dir) {
			t.Errorf("a folder was made in %s, which was not synced; synced: %q", dir, fsys.synced)
		}
	}
}
