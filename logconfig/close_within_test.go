package logconfig

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// stuckSink is a file on a disk that does not answer.
type stuckSink chan struct{}

func (s stuckSink) Write(slog.Level, time.Time, []byte) error { return nil }

func (s stuckSink) Close() error {
	<-s
	return nil
}

func TestCloseGivesUpASinkThatIsStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := make(stuckSink)
		o := &output{spec: &handlerSpec{}, sink: s, told: &teller{}}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		if err := o.closeWithin(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		if took := time.Since(began); took > 7*time.Second {
			t.Errorf("it took %v", took)
		}
		close(s)
		if err := o.closeWithin(ctx); err != nil { // there is no time, and none is needed
			t.Error(err)
		}
	})
}

// However many are stuck, it is the same moment that they have.
func TestCloseGivesUpAllThatAreStuckAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := make(stuckSink)
		defer close(s)
		outputs := map[string]*output{}
		for _, name := range []string{"a", "b", "c", "d", "e"} {
			outputs[name] = &output{spec: &handlerSpec{name: name}, sink: s, told: &teller{}}
		}
		c := newConfig(nil)
		c.tree.Store(&tree{outputs: outputs})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		if err := c.Close(ctx); !errors.Is(err, context.DeadlineExceeded) || strings.Count(err.Error(), "still being written") != 5 {
			t.Errorf("%v", err)
		}
		if took := time.Since(began); took > 7*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}
