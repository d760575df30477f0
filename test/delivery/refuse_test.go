package delivery_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower"
)

// broken is a handler that writes nothing.
type broken struct{ slog.Handler }

func (broken) Handle(context.Context, slog.Record) error { return errors.New("no") }

func TestARefusedRecordWithoutATimeHasThatOfTheCall(t *testing.T) {
	h, _ := open(t, watchtower.Options{NewFormatter: func(w io.Writer) slog.Handler { return broken{slog.NewTextHandler(w, nil)} }})
	begin := time.Now()
	err := h.Handle(t.Context(), slog.Record{Message: "m"})
	drop, ok := errors.AsType[*watchtower.DropError](err)
	if !ok || drop.Reason != watchtower.ReasonFormat || drop.First.Before(begin) {
		t.Errorf("Handle: %v", err)
	}
}

func TestTheLossesOfStreamsAddUpToTheLedgers(t *testing.T) {
	h, _ := open(t, watchtower.Options{})
	_ = h.Put(t.Context(), watchtower.Event{Message: ""})
	_ = h.Put(t.Context(), watchtower.Event{Message: "m"})
	flush(t, h)
	if s := h.Stats(); s.Streams["s"].Lost != s.Dropped+s.Rejected {
		t.Errorf("%d records are lost, %d of the one stream that there is", s.Dropped+s.Rejected, s.Streams["s"].Lost)
	}
}
