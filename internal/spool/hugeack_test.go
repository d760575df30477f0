package spool

import (
	"os"
	"path/filepath"
	"testing"
)

// A biggestFS remembers the longest read.
type biggestFS struct {
	disk
	biggest int
}

func (f *biggestFS) OpenFile(name string, flag int, perm os.FileMode) (File, error) {
	file, err := f.disk.OpenFile(name, flag, perm)
	if err == nil {
		file = &biggestFile{file, f}
	}
	return file, err
}

type biggestFile struct {
	File
	fs *biggestFS
}

func (f *biggestFile) ReadAt(b []byte, at int64) (int, error) {
	f.fs.biggest = max(f.fs.biggest, len(b))
	return f.File.ReadAt(b, at)
}

// The length of a file is no more to be trusted than what is in it: a process
// must not die because a damaged folder says that 100 bytes of events have
// gigabytes of acknowledgements.
func TestMemoryForAcksIsBoundedByTheSegment(t *testing.T) {
	dir := t.TempDir()
	leave(t, dir, "a")
	segments, err := filepath.Glob(filepath.Join(dir, "*", "*.seg"))
	if err != nil || len(segments) != 1 {
		t.Fatal(segments, err)
	}
	acks := segments[0][:len(segments[0])-len(segmentEnding)] + ackEnding
	if err := os.WriteFile(acks, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	const long = 64 << 20 // and with 1 TiB the process dies
	if err := os.Truncate(acks, long); err != nil {
		t.Fatal(err)
	}
	fsys := &biggestFS{}
	s := open(t, Options{Dir: dir, FS: fsys, Report: func(error) {}})
	if _, _, err := s.Adopt(); err != nil {
		t.Fatal(err)
	}
	if fsys.biggest > 1<<20 {
		t.Errorf("%d bytes were read at once, for a segment of some 100", fsys.biggest)
	}
}
