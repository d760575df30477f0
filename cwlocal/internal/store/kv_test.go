package store

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func eachKV(t *testing.T, run func(t *testing.T, m kv)) {
	t.Run("memory", func(t *testing.T) { run(t, newMemory()) })
	t.Run("disk", func(t *testing.T) {
		d, err := openDisk(Options{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.close() })
		run(t, d)
	})
}

// pairs lists a range in both directions and fails when they differ.
func pairs(t *testing.T, r reader, from, to string) (list []string) {
	t.Helper()
	var back []string
	r.ascend([]byte(from), []byte(to), func(k, v []byte) bool {
		list = append(list, string(k)+"="+string(v))
		return true
	})
	r.descend([]byte(from), []byte(to), func(k, v []byte) bool {
		back = append(back, string(k)+"="+string(v))
		return true
	})
	slices.Reverse(back)
	if diff := cmp.Diff(list, back); diff != "" {
		t.Fatal("ascending and descending differ:", diff)
	}
	return list
}

func TestMapIsOrderedAndUndoesFailures(t *testing.T) {
	errWanted := errors.New("wanted")
	eachKV(t, func(t *testing.T, m kv) {
		rnd := rand.New(rand.NewPCG(1, 2))
		want := map[string]string{}
		for round := range 60 {
			before := maps.Clone(want)
			err := m.update(func(w writer) error {
				for range 40 {
					k := fmt.Sprintf("%03d", rnd.IntN(600))
					if rnd.IntN(3) == 0 {
						delete(want, k)
						w.delete([]byte(k))
						continue
					}
					want[k] = fmt.Sprint(round)
					w.put([]byte(k), []byte(want[k]))
				}
				if round%3 == 0 {
					return errWanted
				}
				return nil
			})
			if round%3 == 0 {
				if want = before; err != errWanted {
					t.Fatal(err)
				}
			}
			samePairs(t, m, want, fmt.Sprintf("%03d", rnd.IntN(600)), fmt.Sprintf("%03d", rnd.IntN(600)))
			samePairs(t, m, want, "", "z")
		}
	})
}

func samePairs(t *testing.T, m kv, all map[string]string, from, to string) {
	t.Helper()
	var want []string
	for _, k := range slices.Sorted(maps.Keys(all)) {
		if k >= from && k < to {
			want = append(want, k+"="+all[k])
		}
	}
	err := m.view(func(r reader) error {
		if diff := cmp.Diff(want, pairs(t, r, from, to)); diff != "" {
			t.Fatalf("from %q to %q: %s", from, to, diff)
		}
		for k := range all {
			if got := string(r.get([]byte(k))); got != all[k] {
				t.Fatalf("%s is %q, want %q", k, got, all[k])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestMapBorrowsValues(t *testing.T) {
	eachKV(t, func(t *testing.T, m kv) {
		value := []byte("value")
		if err := m.update(func(w writer) error { return w.put([]byte("k"), value) }); err != nil {
			t.Fatal(err)
		}
		value[0] = 'X'
		samePairs(t, m, map[string]string{"k": "value"}, "", "z")
	})
}

func TestClosedMapSaysSo(t *testing.T) {
	eachKV(t, func(t *testing.T, m kv) {
		if err := m.close(); err != nil {
			t.Fatal(err)
		}
		if err := m.view(func(reader) error { return nil }); err != ErrClosed {
			t.Errorf("view: %v", err)
		}
		if err := m.update(func(writer) error { return nil }); err != ErrClosed {
			t.Errorf("update: %v", err)
		}
	})
}

// A countingKV notes the most keys that one transaction deletes.
type countingKV struct {
	kv
	most, updates int
}

func (c *countingKV) update(fn func(writer) error) error {
	return c.kv.update(func(w writer) error {
		counted := &countingWriter{w, 0}
		err := fn(counted)
		c.most, c.updates = max(c.most, counted.deleted), c.updates+1
		return err
	})
}

type countingWriter struct {
	writer
	deleted int
}

func (w *countingWriter) delete(key []byte) error {
	w.deleted++
	return w.writer.delete(key)
}
