package drive

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestPacedCallsAreTimedHoweverLongTheyTake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &Load{Records: 1000, Rate: 100}
		begin := time.Now()
		calls := 0
		took, err := l.calls(&Logger{Log: func(i int) {
			calls++
			if i == 500 {
				time.Sleep(7 * time.Second)
			}
		}})
		if err != nil || calls != 1000 || took.n != 1000 {
			t.Errorf("%d calls, %d of them timed: %v", calls, took.n, err)
		}
		// What was missed is not made up for: 10 s by the rate, and the 7.
		if all := time.Since(begin); all < 16900*time.Millisecond || all > 17100*time.Millisecond {
			t.Errorf("it took %v", all)
		}
		var r Result
		r.quantiles(took)
		if r.Max < 6.99e9 || r.Max > 7.01e9 || r.P50 != 0 {
			t.Errorf("the longest took %v ns, half of them %v", r.Max, r.P50)
		}
	})
}

func TestTheErrorOfAFlushIsNotLost(t *testing.T) {
	l := &Load{Records: 4, FlushEvery: 2}
	fail := []error{nil, errFlush}
	_, err := l.calls(&Logger{Log: func(int) {}, Flush: func() error {
		err := fail[0]
		fail = fail[1:]
		return err
	}})
	if !errors.Is(err, errFlush) {
		t.Errorf("got %v", err)
	}
}

var errFlush = errors.New("flush")
