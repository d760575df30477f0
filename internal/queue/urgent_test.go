package queue

import (
	"context"
	"math"
	"testing"
)

// While there is no room in batches the owner takes nothing; who waits for an
// event must not be forgotten by that.
func TestUrgencyStaysWithTheEventThatIsNotTaken(t *testing.T) {
	q := New(Config{Bytes: 10_000, Policy: DropOldest})
	if _, err := q.Put(context.Background(), event(500), true); err != nil {
		t.Fatal(err)
	}
	q.Take(false, 0)
	took := q.Take(false, math.MaxInt)
	if len(took.eras) != 1 || !took.Urgent {
		t.Errorf("took %d eras, urgent %v", len(took.eras), took.Urgent)
	}
}
