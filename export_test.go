package watchtower

import "io"

// QueueUsed is the room of the queue that is taken at the moment, in bytes.
func (h *Handler) QueueUsed() int { return h.core.engine.Used() }

// ToldOn makes the default OnError write to w.
func (h *Handler) ToldOn(w io.Writer) { h.core.console.w = w }
