package logconfig

import (
	"context"
	"errors"
	"log/slog"
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
