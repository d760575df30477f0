package watchtower

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/encode"
)

// fallBack hands a lost event to the user's handler. Its error goes nowhere:
// there is no place left to tell it.
func fallBack(h slog.Handler, e *cwl.Event, reason string) {
	ctx := context.Background()
	if !h.Enabled(ctx, e.Level) {
		return
	}
	r := slog.NewRecord(time.UnixMilli(e.Time), e.Level, encode.Message(e), 0)
	r.AddAttrs(slog.String("reason", reason), slog.String("stream", e.Stream))
	_ = h.Handle(ctx, r)
}

// WriteTo returns a handler for Options.Fallback that writes the message of each
// lost record as a line to w, as it would have been delivered. Writes come one
// at a time. It knows nothing of attributes and is of no other use.
func WriteTo(w io.Writer) slog.Handler { return &lineHandler{w: w} }

type lineHandler struct {
	mu sync.Mutex
	w  io.Writer
}

func (*lineHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h *lineHandler) Handle(_ context.Context, r slog.Record) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, err := fmt.Fprintln(h.w, r.Message)
	return err
}

func (h *lineHandler) WithAttrs([]slog.Attr) slog.Handler { return h }
func (h *lineHandler) WithGroup(string) slog.Handler      { return h }
