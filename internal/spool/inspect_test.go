package spool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

func TestListTellsWhatEachFolderHolds(t *testing.T) {
	dir := t.TempDir()
	path, b := leftSegment(t, dir, "a", "b", "c")
	s := open(t, Options{Dir: dir})
	parts := record("d", 2)
	parts[0].Time--
	add(t, s, parts...)
	if err := os.WriteFile(path, b[:len(b)-1], 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := List(dir)
	if err != nil {
		t.Fatal(err)
	}
	when := time.UnixMilli(1_700_000_000_000)
	want := []Info{
		{Path: filepath.Dir(path), Segments: 1, Bytes: int64(len(b) - 1), Records: 2, Events: 2, Oldest: when, Newest: when},
		{Path: s.Path(), Locked: true, Segments: 1, Bytes: s.Backlog().Bytes, Records: 1, Events: 2, Oldest: when.Add(-time.Millisecond), Newest: when},
	}
	var d *DamageError
	if len(got) != 2 || len(got[0].Damage) != 1 || !errors.As(got[0].Damage[0], &d) || !d.Tail {
		t.Fatalf("got %+v, want a damaged tail in the first of two", got)
	}
	got[0].Damage = nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if after, _ := os.ReadFile(path); len(after) != len(b)-1 {
		t.Error("List has changed the file")
	}
}

func TestWalkVisitsWhatWouldBeRead(t *testing.T) {
	dir := t.TempDir()
	leave(t, dir, "a", "b")
	s := open(t, Options{Dir: dir})
	add(t, s, record("c", 3)...)
	g := readAllEvents(t, s)
	if err := s.Ack([]Position{g.at[2], g.at[0]}); err != nil {
		t.Fatal(err)
	}
	walk := func(path string) (texts []string, at []Place) {
		err := Walk(path, func(e cwl.Event, p Place) error {
			texts = append(texts, fmt.Sprint(e.Stream, " ", string(e.Fragment), " ", p.Last))
			at = append(at, p)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		return texts, at
	}
	texts, at := walk(dir)
	wantTexts(t, texts, "app a true", "app b true", "app c.1 true")
	if last := at[2]; last.Offset != headerBytes || last.Event != 1 {
		t.Errorf("place %+v", last)
	}
	texts, _ = walk(s.Path())
	wantTexts(t, texts, "app c.1 true")
	texts, _ = walk(at[0].Path)
	wantTexts(t, texts, "app a true", "app b true")

	stop := errors.New("enough")
	if err := Walk(dir, func(cwl.Event, Place) error { return stop }); err != stop {
		t.Errorf("%v, want the error of the function", err)
	}
}

// cutLater is a file that is cut as soon as its length is known.
type cutLater struct {
	File
	to int64
}

func (f cutLater) Size() (int64, error) {
	size, err := f.File.Size()
	return size, errors.Join(err, f.Truncate(f.to))
}

// A living process ends a segment, and cuts its reserve off, while somebody looks
// at it.
func TestAReserveThatIsCutOffWhileItIsReadIsNoDamage(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir, eager: true})
	want := fill(t, s, "a", 2000)
	found := mustSegments(t, dir)
	file, err := disk{}.OpenFile(found[0].path(), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	viewer := &Spool{fs: disk{}, opts: Options{Report: func(err error) { t.Error(err) }}}
	size := s.Backlog().Bytes
	end, err := viewer.survey(found[0], longAsEver{cutLater{file, size}})
	if err != nil || end != size || found[0].records != int64(len(want)) {
		t.Errorf("%d records up to %d, %v; want %d up to %d", found[0].records, end, err, len(want), size)
	}
}

func mustSegments(t *testing.T, dir string) []*segment {
	t.Helper()
	found, wrong, err := segmentsUnder(dir)
	if err != nil || len(wrong) > 0 || len(found) == 0 {
		t.Fatal(found, wrong, err)
	}
	return found
}
