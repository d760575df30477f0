package watchtower_test

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
