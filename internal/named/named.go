// Package named keeps the named handlers of a handler, for loggers that give the
// name with each entry: to derive a handler costs more than to log.
package named

import (
	"sync"

	"github.com/watchtower-go/watchtower"
)

// most bounds the handlers that are kept: names are few, unless somebody makes them
// of data.
const most = 1000

// Handlers are those of one handler, by name. The zero value has none yet. It is safe for
// concurrent use.
type Handlers struct {
	mu     sync.RWMutex
	byName map[string]*watchtower.Handler
}

// Of returns the handler of that name, always for the same h; h itself where there
// is no name.
func (n *Handlers) Of(h *watchtower.Handler, name string) *watchtower.Handler {
	if name == "" {
		return h
	}
	n.mu.RLock()
	known := n.byName[name]
	n.mu.RUnlock()
	if known != nil {
		return known
	}
	d := h.Named(name)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.byName == nil {
		n.byName = make(map[string]*watchtower.Handler)
	}
	if len(n.byName) < most {
		n.byName[name] = d
	}
	return d
}
