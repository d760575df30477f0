package watchtower

import (
	"github.com/watchtower-go/watchtower/internal/engine"
	"github.com/watchtower-go/watchtower/internal/meta"
	"github.com/watchtower-go/watchtower/internal/streamname"
)

// A location is what names of log streams say of where the process runs.
type location struct {
	at      *meta.Place
	missing []error                // facts that are not known at once, and never will be
	asked   map[string]*meta.Facts // by fact
	late    []string
	ready   chan struct{} // closed when all asked are ready; nil if there are none
}

// fixed returns a fact that is known at once, or "".
func (l *location) fixed(fact string) string {
	value, err := l.at.Fixed(fact)
	if err != nil {
		l.missing = append(l.missing, &MetadataError{Placeholder: "{" + fact + "}", Err: err})
	}
	return value
}

// ask begins to find out the others. It returns nil if there are none: names are
// complete then.
func (l *location) ask(late []string) *engine.Names {
	if len(late) == 0 {
		return nil
	}
	l.late, l.asked, l.ready = late, make(map[string]*meta.Facts), make(chan struct{})
	for _, fact := range late {
		l.asked[fact] = l.at.Ask(fact)
	}
	asked := l.asked
	value := func(fact string) string { return asked[fact].Value(fact) }
	return &engine.Names{
		Ready:    l.ready,
		Complete: func(stream string) string { return streamname.Fill(stream, value) },
	}
}

// tellTo tells what could not be found out, when that is known, unless the engine
// ends before.
func (l *location) tellTo(e *engine.Engine) {
	for _, err := range l.missing {
		e.Tell(err)
	}
	if l.ready == nil {
		return
	}
	go func() {
		defer l.leave()
		for _, fact := range l.late {
			select {
			case <-l.asked[fact].Ready():
			case <-e.Ended():
				return
			}
			if err := l.asked[fact].Err(); err != nil {
				e.Tell(&MetadataError{Placeholder: "{" + fact + "}", Err: err})
			}
		}
		close(l.ready)
	}()
}

// leave tells that the handler does not wait for facts any more.
func (l *location) leave() {
	for _, f := range l.asked {
		l.at.Leave(f)
	}
}
