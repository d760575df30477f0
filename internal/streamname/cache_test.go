package streamname

import (
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// held counts the names in a cache.
func (c *cache) held() int {
	n := 0
	for i := range c.sets {
		for way := range c.sets[i] {
			if c.sets[i][way].Load() != nil {
				n++
			}
		}
	}
	return n
}

func TestUnlimitedTenantsTakeBoundedMemory(t *testing.T) {
	name := mustParse(t, "{attr:tenant}").Named("")
	expand := func(from, to int) {
		for i := from; i < to; i++ {
			tenant := []byte("tenant-" + strconv.Itoa(i) + strings.Repeat("x", 400))
			name.Expand(millis, func(int) []byte { return tenant })
		}
	}
	expand(0, 10_000)
	few := heap()
	expand(10_000, 50_000)
	many := heap()
	if n := name.cache.held(); n > cacheSets*cacheWays {
		t.Errorf("%d names held, at most %d are allowed", n, cacheSets*cacheWays)
	}
	// 50,000 such names are 20 MB; what 10,000 left behind does not grow.
	if many > few+256<<10 {
		t.Errorf("heap of %d KiB after 10,000 names, %d KiB after 50,000", few>>10, many>>10)
	}
	runtime.KeepAlive(name)
}

// heap returns the bytes that are live.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // what the first one left to the finalizers of other tests
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestAThousandNamesNearlyAlwaysHit(t *testing.T) {
	const names = 1_000
	c := newCache()
	list := make([][]byte, names)
	for i := range list {
		list[i] = []byte("tenant-" + strconv.Itoa(i))
		c.intern(list[i])
	}
	next := 0
	n := testing.AllocsPerRun(10*names, func() {
		c.intern(list[next%names])
		next++
	})
	if n > 0.1 {
		t.Errorf("%v allocations per name", n)
	}
	misses := c.victim.Load()
	if share := float64(misses) / (12 * names); share > 0.1 {
		t.Errorf("%d of %d look-ups drove a name out", misses, 12*names)
	}
}

func TestConcurrentInterningKeepsNamesApart(t *testing.T) {
	c := newCache()
	var workers sync.WaitGroup
	for worker := range 4 {
		workers.Go(func() {
			var b []byte
			for i := range 10_000 {
				b = strconv.AppendInt(b[:0], int64(i%3_000+worker), 10)
				if got := c.intern(b); got != string(b) {
					t.Errorf("got %q for %q", got, b)
					return
				}
			}
		})
	}
	workers.Wait()
}
