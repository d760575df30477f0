package watchtower

import (
	"slices"

	"github.com/watchtower-go/watchtower/internal/encode"
	"github.com/watchtower-go/watchtower/internal/engine"
	"github.com/watchtower-go/watchtower/internal/meta"
	"github.com/watchtower-go/watchtower/internal/streamname"
)

// A location is what names of log streams, and fields, say of where the process
// runs.
type location struct {
	at      *meta.Place
	missing []error                // facts that are not known at once, and never will be
	asked   map[string]*meta.Facts // by fact
	late    []string
	ready   chan struct{} // closed when all asked are ready; nil if there are none
	fields  *encode.Late  // that wait for them; may be nil
}

// fixed returns a fact that is known at once, or "".
func (l *location) fixed(fact string) string {
	value, err := l.at.Fixed(fact)
	if err != nil {
		told := &MetadataError{Placeholder: "{" + fact + "}", Err: err}
		if !slices.ContainsFunc(l.missing, func(err error) bool { return err.(*MetadataError).Placeholder == told.Placeholder }) {
			l.missing = append(l.missing, told)
		}
	}
	return value
}

// ask begins to find out the others.
func (l *location) ask(late []string) {
	l.late, l.asked = late, make(map[string]*meta.Facts)
	for _, fact := range late {
		l.asked[fact] = l.at.Ask(fact)
	}
}

// value is what is known of a fact that was asked for, or "".
func (l *location) value(fact string) string { return l.asked[fact].Value(fact) }

// names complete what lacks these facts. It is nil if nothing does.
func (l *location) names() *engine.Names {
	if len(l.late) == 0 {
		return nil
	}
	l.ready = make(chan struct{})
	n := &engine.Names{
		Ready:    l.ready,
		Complete: func(stream string) string { return streamname.Fill(stream, l.value) },
	}
	if l.fields != nil {
		n.CompleteEvent = l.fields.Complete
	}
	return n
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
		if l.fields != nil {
			l.fields.Known()
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
