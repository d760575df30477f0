package streamname

import (
	"hash/maphash"
	"sync/atomic"
)

// The bounds of a cache. Names fall into sets by their hash; with 256 sets of
// 8, one name in a hundred is driven out too early when 1,000 names are in
// use, as many as a handler keeps streams by default, and none when they are
// 200.
const (
	cacheSets = 256
	cacheWays = 8
)

// A cache gives one string to each name that was made from bytes, so that
// making it again costs no allocation. It holds at most cacheSets × cacheWays
// names, however many there are, and drops one to keep another. It takes no
// lock; two goroutines may get two strings for one name, which are equal.
type cache struct {
	seed maphash.Seed
	sets [cacheSets][cacheWays]atomic.Pointer[cached]
	// victim counts evictions; it tells which way of a full set goes next.
	victim atomic.Uint32
}

// A cached name is immutable. Its hash spares the comparison with the names
// of a set that are others.
type cached struct {
	hash uint64
	name string
}

func newCache() *cache { return &cache{seed: maphash.MakeSeed()} }

// intern returns b as a string.
func (c *cache) intern(b []byte) string {
	hash := maphash.Bytes(c.seed, b)
	set := &c.sets[hash%cacheSets]
	free := -1
	for way := range set {
		switch e := set[way].Load(); {
		case e == nil:
			free = way
		case e.hash == hash && e.name == string(b):
			return e.name
		}
	}
	if free < 0 {
		free = int(c.victim.Add(1) % cacheWays)
	}
	e := &cached{hash: hash, name: string(b)}
	set[free].Store(e)
	return e.name
}
