package watchtower_test

import (
	"context"
	"testing"
	"testing/synctest"
)

// What a Close with too little time leaves on disk the next handler delivers: of
// both together nothing is lost, and nothing is counted twice.
func TestDisordersOnDiskAreSettledByTheNextHandler(t *testing.T) {
	left := int64(0)
	for seed := range uint64(200) {
		synctest.Test(t, func(t *testing.T) {
			d := newDisorder(t, seed, t.TempDir())
			d.run()
			first := d.h.Stats()
			left += first.Spooled
			d.open()
			_ = d.h.Close(context.Background())
			sum := d.h.Stats()
			if sum.Accepted != 0 || sum.Recovered != first.Spooled || sum.Spooled != 0 {
				t.Errorf("seed %d: %d records were left, and the next handler has %+v", seed, first.Spooled, sum)
			}
			sum.Accepted, sum.Recovered = first.Accepted, 0
			sum.Delivered += first.Delivered
			sum.Rejected += first.Rejected
			sum.Dropped += first.Dropped
			sum.PossibleDuplicates += first.PossibleDuplicates
			d.compare(sum)
		})
		if t.Failed() {
			return
		}
	}
	if left < 100 {
		t.Errorf("not what this test is about: %d records were left", left)
	}
}
