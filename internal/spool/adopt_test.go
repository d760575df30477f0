package spool

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func init() { children["adopt"] = adoptOnce }

// adoptOnce waits for the starting shot, adopts, and prints how much it got.
func adoptOnce(dir string) {
	s, err := Open(Options{Dir: dir})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("ready")
	stdin := bufio.NewReader(os.Stdin)
	stdin.ReadString('\n')
	n, _, err := s.Adopt()
	fmt.Println(n, err)
	stdin.ReadString('\n') // or else the other would adopt from the dead
}

// leave appends records in a spool that is closed, as if by a process that is
// gone.
func leave(t testing.TB, dir string, texts ...string) {
	t.Helper()
	s := open(t, Options{Dir: dir})
	for _, text := range texts {
		add(t, s, event(text))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestOfTwoProcessesOneAdopts(t *testing.T) {
	for range 3 {
		dir := t.TempDir()
		leave(t, dir, "a", "b", "c")
		var rivals [2]*process
		for i := range rivals {
			rivals[i] = start(t, "adopt", dir)
			if rivals[i].lines.Scan(); rivals[i].lines.Text() != "ready" {
				t.Fatal(rivals[i].lines.Text())
			}
		}
		total := int64(0)
		for _, p := range rivals {
			fmt.Fprintln(p.stdin, "go")
		}
		for _, p := range rivals {
			var n int64
			if p.lines.Scan(); p.lines.Text() != "3 <nil>" && p.lines.Text() != "0 <nil>" {
				t.Error(p.lines.Text())
			}
			fmt.Sscan(p.lines.Text(), &n)
			total += n
		}
		for _, p := range rivals {
			p.stdin.Close()
			p.Wait()
		}
		if total != 3 {
			t.Errorf("%d records adopted, want 3", total)
		}
	}
}

func TestOfTwoSpoolsOneAdopts(t *testing.T) {
	for range 30 {
		dir := t.TempDir()
		leave(t, dir, "a", "b", "c")
		spools := [2]*Spool{open(t, Options{Dir: dir}), open(t, Options{Dir: dir})}
		var counts [2]int64
		var racers sync.WaitGroup
		for i, s := range spools {
			racers.Go(func() { counts[i] = adopt(t, s) })
		}
		racers.Wait()
		if counts[0]+counts[1] != 3 || counts[0]*counts[1] != 0 {
			t.Errorf("adopted %v records, want 3 by one", counts)
		}
	}
}

func TestAdoptionLeavesTheLivingAlone(t *testing.T) {
	dir := t.TempDir()
	living := open(t, Options{Dir: dir})
	add(t, living, event("mine"))
	other := open(t, Options{Dir: dir})
	if n := adopt(t, other); n != 0 {
		t.Errorf("%d records adopted from a spool that is open", n)
	}
	wantTexts(t, readAllEvents(t, living).texts, "mine|")
}

func TestAdoptedEventsComeOldestFirstAndBeforeNewOnes(t *testing.T) {
	dir := t.TempDir()
	leave(t, dir, "a", "b")
	leave(t, dir, "c")
	s := open(t, Options{Dir: dir, SegmentBytes: 1})
	add(t, s, event("d"))
	add(t, s, event("e"))
	if n := adopt(t, s); n != 3 {
		t.Errorf("%d records adopted, want 3", n)
	}
	g := readAllEvents(t, s)
	wantTexts(t, g.texts, "a|", "b|", "c|", "d|", "e|")
	if err := s.Ack(g.at[:3]); err != nil {
		t.Fatal(err)
	}
	if names, _ := (disk{}).ReadDir(dir); len(names) != 1 {
		t.Errorf("drained folders are still there: %q", names)
	}
	select {
	case <-s.Wake():
	default:
		t.Error("nobody was woken")
	}
}

// What crashes between two steps can leave behind is cleaned away.
func TestAdoptionCleansAwayRemains(t *testing.T) {
	dir := t.TempDir()
	left := func(folder string, files ...string) {
		path := filepath.Join(dir, folder)
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if err := os.WriteFile(filepath.Join(path, name), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	left("000000000001-0000000000000001")
	left("000000000002-0000000000000002", lockName)
	left("000000000003-0000000000000003", lockName, "00000001-00000001.ack")
	left("000000000004-0000000000000004", lockName, "00000001-00000001.seg")
	left("somebody else's")
	s := open(t, Options{Dir: dir})
	if n := adopt(t, s); n != 0 {
		t.Errorf("%d records adopted", n)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	names, _ := disk{}.ReadDir(dir)
	if len(names) != 1 || names[0] != "somebody else's" {
		t.Errorf("left: %q", names)
	}
}

func TestNewerVersionIsLeftForTheNewerProgram(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "000000000001-0000000000000001")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(path, "00000001-00000007.seg")
	if err := os.WriteFile(name, header{version: 2, marker: 7}.append(nil), 0o600); err != nil {
		t.Fatal(err)
	}
	leave(t, dir, "a")
	var told []error
	s := open(t, Options{Dir: dir, Report: func(err error) { told = append(told, err) }})
	for range 2 {
		adopt(t, s)
	}
	wantTexts(t, readAllEvents(t, s).texts, "a|")
	var v *VersionError
	if len(told) != 1 || !errors.As(told[0], &v) || v.Path != name || v.Version != 2 {
		t.Errorf("reported: %q, want one VersionError of %s", told, name)
	}
	lock, err := disk{}.Lock(filepath.Join(path, lockName), false)
	if err == nil {
		lock.Close()
	}
	if _, gone := os.Stat(name); gone != nil || err != nil {
		t.Errorf("segment: %v; lock: %v", gone, err)
	}
}
