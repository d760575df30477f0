package delivery_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// What cannot be read does not say of which stream it is: that of the handler has
// the record.
func TestRecordsThatAreDamagedOnDiskAreToldInTheStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		// So small a queue keeps nothing in memory that is on disk.
		st := newStage(t, watchtower.Options{SpoolDir: dir, Spool: watchtower.SpoolAlways, QueueBytes: 128 << 10})
		create(t, st.server, "s")
		st.server.Faults().Fail(put, 503, -1)
		st.log(1)
		<-time.After(time.Minute) // the rest is not read in an outage
		st.log(5)
		spoil(t, dir, "m3")
		st.server.Faults().Clear()
		<-time.After(2 * time.Minute)
		st.within(time.Hour)
		if s := st.Stats(); s.Delivered != 5 || s.Reasons[watchtower.ReasonDamaged] != 1 || s.Own != 1 {
			t.Errorf("%+v", s)
		}
		told := func(m string) bool { return own(m) && strings.Contains(m, `"reasons":{"damaged on disk":1}`) }
		if all := messages(st.server); !slices.ContainsFunc(all, told) {
			t.Errorf("no record tells of it: %q", all)
		}
	})
}

func TestBlankLinesAreNoGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s := open(t, watchtower.Options{})
		if _, err := h.Writer().Write([]byte("\n")); err != nil {
			t.Fatal(err)
		}
		flush(t, h)
		if st := h.Stats(); st.Reasons[watchtower.ReasonEmpty] != 1 || st.Own != 0 || len(messages(s)) != 0 {
			t.Errorf("stored %q, %+v", messages(s), st)
		}
	})
}

// spoil changes a message on disk.
func spoil(t *testing.T, dir, message string) {
	t.Helper()
	done := false
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if i := bytes.Index(b, []byte(message)); err == nil && i >= 0 {
			b[i]++
			done, err = true, os.WriteFile(path, b, 0o600)
		}
		return err
	})
	if err != nil || !done {
		t.Fatalf("%q is not on disk, or: %v", message, err)
	}
}
