package watchtower

// QueueUsed is the room of the queue that is taken at the moment, in bytes.
func (h *Handler) QueueUsed() int { return h.core.engine.Used() }
