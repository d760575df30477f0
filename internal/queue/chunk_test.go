package queue

import (
	"context"
	"math"
	"testing"
)

func TestAChunkIsMadeForAsManyEventsAsTheOneBefore(t *testing.T) {
	q := New(Config{Bytes: 1 << 20})
	fill := func() *Chunk {
		for len(q.full) == 0 {
			if _, err := q.Put(context.Background(), event(300), false); err != nil {
				t.Fatal(err)
			}
		}
		took := q.Take(false, math.MaxInt)
		return took.eras[0].chunks[0]
	}
	n := len(fill().Events)
	made := cap(q.newChunk(0).Events)
	if second := fill(); cap(second.Events) > n+n/4 {
		t.Errorf("a chunk of %d events has room for %d", len(second.Events), cap(second.Events))
	}
	if made < n || made > n+n/4 {
		t.Errorf("after a chunk of %d events one for %d is made", n, made)
	}
}
