package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDamagedBlockLeavesOthersReadable(t *testing.T) {
	dir := t.TempDir()
	s := testStore(t, dir, "good", "bad")
	testAppend(t, s, "good", 1, "a")
	testAppend(t, s, "bad", 1, "b")
	testAppend(t, s, "bad", 2, "c")
	flip := func(w writer) error {
		var key, block []byte
		w.ascend([]byte{'d'}, []byte{'e'}, func(k, v []byte) bool {
			if strings.HasSuffix(string(v), "b") {
				key, block = append(key, k...), append(block, v...)
			}
			return true
		})
		block[len(block)-1] = 'X'
		return w.put(key, block)
	}
	if err := s.kv.update(flip); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1 a"}, testRead(t, s, "good", Range{})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"2 c"}, testRead(t, s, "bad", Range{Start: 2})); diff != "" {
		t.Error(diff)
	}
	_, _, readErr := s.Read(testGroup, "bad", Range{})
	for _, err := range []error{readErr, s.Check()} {
		damage, ok := errors.AsType[*CorruptError](err)
		if !ok || damage.File != filepath.Join(dir, fileName) {
			t.Fatalf("error %v", err)
		}
		for _, part := range []string{damage.File, "block ", "checksum", "delete the log stream"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q does not say %q", err, part)
			}
		}
	}
	// The remedy works.
	if err := s.DeleteStream(testGroup, "bad"); err != nil {
		t.Fatal(err)
	}
	s.jan.wait()
	if err := s.Check(); err != nil {
		t.Error(err)
	}
}

func TestDamagedRecordIsNotASilentEndOfAListing(t *testing.T) {
	for name, key := range map[string]func(r reader) []byte{
		"log group": func(reader) []byte { return groupKey(GroupKey{testGroup.Region, "h"}) },
		"log stream": func(r reader) []byte {
			id, _ := groupID(r, testGroup) // of testStore, it exists
			return streamKey(id, "b")
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := testStore(t, "", "a", "b", "c")
			if err := s.CreateGroup(Group{GroupKey: GroupKey{testGroup.Region, "h"}}); err != nil {
				t.Fatal(err)
			}
			if err := s.kv.update(func(w writer) error { return w.put(key(w), []byte("12345678?")) }); err != nil {
				t.Fatal(err)
			}
			var found []error
			for _, err := range s.Groups(testGroup.Region, "") {
				found = append(found, err)
			}
			for _, err := range s.Streams(testGroup, "") {
				found = append(found, err)
			}
			if damage, ok := errors.AsType[*CorruptError](errors.Join(found...)); !ok || !strings.Contains(damage.Key, name) {
				t.Errorf("the listings say %v", errors.Join(found...))
			}
			if _, ok := errors.AsType[*CorruptError](s.Check()); !ok {
				t.Error("Check found nothing")
			}
		})
	}
}

func TestOpenRefusesWhatItCannotRead(t *testing.T) {
	for _, c := range []struct {
		name string
		harm func(t *testing.T, path string)
		want string
	}{
		{"another format version", func(t *testing.T, path string) {
			d, err := openDisk(Options{Dir: filepath.Dir(path)})
			if err != nil {
				t.Fatal(err)
			}
			defer d.close()
			d.update(func(w writer) error { return w.put([]byte(keyVersion), []byte("99")) })
		}, `version "99"`},
		{"a text file", func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(strings.Repeat("not a database\n", 5000)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "damaged"},
		{"a file without its end", func(t *testing.T, path string) {
			if err := os.Truncate(path, 3*int64(os.Getpagesize())); err != nil {
				t.Fatal(err)
			}
		}, "damaged"},
		{"an empty file", cutTo(0), "damaged"},
		{"one byte", cutTo(1), "damaged"},
		{"half a page", cutTo(2048), "damaged"},
		{"one page", cutTo(4096), "damaged"},
		{"a page and a half", cutTo(6000), "damaged"},
		{"zeros in the middle", func(t *testing.T, path string) {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			info, _ := f.Stat()
			at := 2 * int64(os.Getpagesize())
			f.WriteAt(make([]byte, info.Size()-at), at)
		}, "damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			s := testStore(t, dir, "s")
			testAppend(t, s, "s", 1, "a")
			s.Close()
			path := filepath.Join(dir, fileName)
			c.harm(t, path)
			s, err := Open(Options{Dir: dir})
			if err == nil {
				s.Close()
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("%v: want %q and the path", err, c.want)
			}
		})
	}
}

// cutTo leaves so many bytes of a file.
func cutTo(size int64) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenRefusesDirectoryInUse(t *testing.T) {
	dir := t.TempDir()
	testStore(t, dir)
	if _, err := Open(Options{Dir: dir, LockWait: time.Millisecond}); !errors.Is(err, ErrInUse) {
		t.Errorf("error %v", err)
	}
}

func TestOpenTakesHalfCreatedFile(t *testing.T) {
	dir := t.TempDir()
	// What a process leaves that dies while it makes the file.
	if err := os.WriteFile(filepath.Join(dir, fileName+".new"), make([]byte, 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	testStore(t, dir)
}
