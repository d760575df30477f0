package named_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/internal/named"
	"github.com/watchtower-go/watchtower/test/trial"
)

func TestNamesAreMadeOnceUntilThereAreMany(t *testing.T) {
	h, _ := trial.Open(t, watchtower.Options{})
	var n named.Handlers
	if n.Of(h, "") != h {
		t.Error("no name is not the handler itself")
	}
	const many = 1100
	first := make([]*watchtower.Handler, many)
	for i := range first {
		first[i] = n.Of(h, "name"+strconv.Itoa(i))
	}
	again := 0
	for i, d := range first {
		if n.Of(h, "name"+strconv.Itoa(i)) == d {
			again++
		}
	}
	if again != 1000 {
		t.Errorf("%d of %d handlers are kept, want 1000", again, many)
	}
}

func TestNamesAreSafeForConcurrentUse(t *testing.T) {
	h, _ := trial.Open(t, watchtower.Options{})
	var n named.Handlers
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range 100 {
				if n.Of(h, strconv.Itoa(i)) == h {
					t.Error("not a named handler")
				}
			}
		})
	}
	all.Wait()
}
