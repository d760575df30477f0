package ledger

import (
	"fmt"
	"sync"
	"testing"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// balance fails the test unless the books balance.
func balance(t *testing.T, c Counts) {
	t.Helper()
	if in, out := c.Accepted+c.Recovered, c.Delivered+c.Rejected+c.Dropped+c.Spooled+c.Pending; in != out {
		t.Errorf("the ledger does not balance: %d in, %d out: %+v", in, out, c)
	}
	var lost int64
	for _, n := range c.Reasons {
		lost += n
	}
	if lost != c.Rejected+c.Dropped {
		t.Errorf("reasons sum up to %d, rejected and dropped to %d", lost, c.Rejected+c.Dropped)
	}
}

func TestBalancesWhileManyCount(t *testing.T) {
	var l Ledger
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 1000 {
				l.Accept()
				var s Sum
				s.Add(int64(i), 10, 0, nil)
				l.Settle([]Outcome{Delivered, Rejected, Dropped}[g%3], QueueFull, &s)
				l.Refuse("a", Closed, 5)
			}
		})
	}
	stop := make(chan struct{})
	var reader sync.WaitGroup
	reader.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				balance(t, l.Counts())
			}
		}
	})
	wg.Wait()
	close(stop)
	reader.Wait()
	c := l.Counts()
	if c.Accepted != 16000 || c.Pending != 0 || c.Delivered != 3000 || c.Rejected != 3000 || c.Dropped != 2000+8000 {
		t.Errorf("counts: %+v", c)
	}
	if c.DeliveredBytes != 30000 || c.LostBytes != 50000+40000 {
		t.Errorf("bytes: %+v", c)
	}
}

func TestSplitRecordCountsOnceWithItsGravestOutcome(t *testing.T) {
	for _, c := range []struct {
		name     string
		outcomes []Outcome
		want     Counts
	}{
		{"all delivered", []Outcome{Delivered, Delivered, Delivered}, Counts{Delivered: 1, DeliveredBytes: 30}},
		{"one rejected", []Outcome{Delivered, Rejected, Delivered}, Counts{Rejected: 1, LostBytes: 30}},
		{"one dropped, one rejected", []Outcome{Dropped, Rejected, Delivered}, Counts{Dropped: 1, LostBytes: 30}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var l Ledger
			p := &cwl.Parts{Left: len(c.outcomes), Done: make(chan struct{})}
			l.Accept()
			for i, o := range c.outcomes {
				if got := l.Counts(); got.Pending != 1 {
					t.Fatalf("before part %d: pending %d, want 1", i, got.Pending)
				}
				var s Sum
				s.Add(1, 10, 0, p)
				closed := l.Settle(o, TooOld, &s)
				if want := int64(i / (len(c.outcomes) - 1)); i != 1 && closed != want {
					t.Errorf("part %d closed %d records, want %d", i, closed, want)
				}
				balance(t, l.Counts())
			}
			<-p.Done
			got := l.Counts()
			if got.Delivered != c.want.Delivered || got.Rejected != c.want.Rejected || got.Dropped != c.want.Dropped ||
				got.DeliveredBytes != c.want.DeliveredBytes || got.LostBytes != c.want.LostBytes || got.Pending != 0 {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestSpooledRecordsMoveThroughTheDisk(t *testing.T) {
	var l Ledger
	sum := func(spooled bool, parts ...*cwl.Parts) *Sum {
		s := &Sum{Spooled: spooled}
		for _, p := range parts {
			s.Add(1, 10, 0, p)
		}
		return s
	}
	l.Recover(2)
	l.Accept()
	l.Accept()
	split := &cwl.Parts{Left: 2}
	l.Settle(Spooled, "", sum(false, nil, split, split))
	if c := l.Counts(); c.Spooled != 4 || c.Pending != 0 {
		t.Fatalf("%+v", c)
	}
	l.Settle(Delivered, "", sum(true, nil, nil, nil))
	l.Settle(Dropped, TooOld, sum(true, nil))
	c := l.Counts()
	balance(t, c)
	if c.Spooled != 0 || c.Delivered != 3 || c.Dropped != 1 {
		t.Errorf("%+v", c)
	}
}

func TestOwnRecordsAreCountedApart(t *testing.T) {
	var l Ledger
	var s Sum
	s.Add(1, 10, 0, cwl.Own)
	if n := l.Settle(Delivered, "", &s); n != 0 {
		t.Errorf("%d records closed", n)
	}
	if c := l.Counts(); c.Own != 1 || c.Delivered != 0 || c.Pending != 0 {
		t.Errorf("%+v", c)
	}
}

func TestStreamsAreBounded(t *testing.T) {
	var l Ledger
	for i := range 5000 {
		l.Accept()
		s := Sum{Stream: fmt.Sprint("s", i)}
		s.Add(1, 10, 0, nil)
		l.Settle(Delivered, "", &s)
	}
	c := l.Counts()
	if len(c.Streams) > maxStreams || c.Streams["s4999"].Delivered != 1 {
		t.Errorf("%d streams, the last: %+v", len(c.Streams), c.Streams["s4999"])
	}
}
