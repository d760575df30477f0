package batch

import (
	"fmt"
	"testing"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

func TestHalvesHaveAllEventsInOrder(t *testing.T) {
	b := New(To("g", cwl.Entity{}), "s", service, Memory{})
	for i := range 7 {
		fill(b, event(int64(7-i), fmt.Sprint(7-i)))
	}
	b.Seal()
	b.Body()
	x, y := b.Halve(none)
	var got []int64
	for _, h := range []*Batch{x, y} {
		for _, e := range decode(t, h.Body()).LogEvents {
			if e.Message != fmt.Sprint(e.Timestamp) {
				t.Errorf("event of %d says %q", e.Timestamp, e.Message)
			}
			got = append(got, e.Timestamp)
		}
	}
	if fmt.Sprint(got) != "[1 2 3 4 5 6 7]" || x.Len() != 3 || x.Max != 3 || y.Min != 4 || !x.Sealed() || !y.Sealed() {
		t.Errorf("halves %v, of %d and %d events", got, x.Len(), y.Len())
	}
}
