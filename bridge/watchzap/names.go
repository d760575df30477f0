package watchzap

import (
	"sync"

	"github.com/watchtower-go/watchtower"
)

// maxNames bounds the handlers that are kept: names are few, unless somebody
// makes them of data.
const maxNames = 1000

// names keeps the named handlers of one handler: zap gives the name of the logger
// with each entry, and to derive one costs more than to log.
type names struct {
	mu       sync.RWMutex
	handlers map[string]*watchtower.Handler
}

// named returns the handler of that name; h itself where there is no name.
func (n *names) named(h *watchtower.Handler, name string) *watchtower.Handler {
	if name == "" {
		return h
	}
	n.mu.RLock()
	known := n.handlers[name]
	n.mu.RUnlock()
	if known != nil {
		return known
	}
	d := h.Named(name)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.handlers == nil {
		n.handlers = make(map[string]*watchtower.Handler)
	}
	if len(n.handlers) < maxNames {
		n.handlers[name] = d
	}
	return d
}
