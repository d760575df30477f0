package watchtower

import (
	"context"
	"io"

	"github.com/watchtower-go/watchtower/internal/meta"
)

// NewAt is New for a process that runs at a place.
func NewAt(ctx context.Context, at *meta.Place, group string, opts *Options) (*Handler, error) {
	return newAt(ctx, at, group, opts)
}

// QueueUsed is the room of the queue that is taken at the moment, in bytes.
func (h *Handler) QueueUsed() int { return h.core.engine.Used() }

// ToldOn makes the default OnError write to w.
func (h *Handler) ToldOn(w io.Writer) { h.core.console.w = w }
