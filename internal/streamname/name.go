package streamname

import (
	"sync/atomic"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/strftime"
)

// A Name is a Template bound to the name of a logger. It is safe for
// concurrent use.
type Name struct {
	parts []part // no loggers
	cache *cache // the template's
	// period is how long the results of all clocks stay the same, in
	// milliseconds; 0 without clocks.
	period int64
	// always serves when there are no clocks.
	always moment
	// recent holds the moments used last, each in the slot of its number
	// modulo 4. Around midnight two days of events come mixed: they have
	// different slots and don't drive each other out.
	recent [4]atomic.Pointer[moment]
}

// A moment is a Name within one period of its clocks. It is immutable.
type moment struct {
	// number counts the periods since 1970.
	number int64
	// parts are literals and attributes; nil when there are none but
	// literals, and name is all there is.
	parts []part
	name  string
}

// newName binds t to a logger.
func newName(t *Template, loggerName string) *Name {
	n := &Name{cache: t.cache}
	n.parts = resolve(t.parts, logger, func(part) string { return cleaned(loggerName, "root") })
	for _, p := range n.parts {
		if p.kind != clock {
			continue
		}
		// Events have whole milliseconds. A layout without conversions has
		// no period; a day's is as good as any.
		period := max(strftime.Period(p.text).Milliseconds(), 1)
		if strftime.Period(p.text) == 0 {
			period = (24 * time.Hour).Milliseconds()
		}
		if n.period == 0 || period < n.period {
			n.period = period
		}
	}
	if n.period == 0 {
		n.always = newMoment(0, n.parts)
	}
	return n
}

// newMoment makes a moment of parts that have no clocks left.
func newMoment(number int64, parts []part) moment {
	for _, p := range parts {
		if p.kind == attribute {
			return moment{number: number, parts: parts}
		}
	}
	var name []byte
	for _, p := range parts {
		name, _ = appendText(name, p.text) // literals are joined: one at most
	}
	return moment{number: number, name: string(name)}
}

// Static returns the name if no event has a part in it.
func (n *Name) Static() (string, bool) {
	return n.always.name, n.period == 0 && n.always.parts == nil
}

// Expand returns the name of the stream for an event with the given time, in
// milliseconds since 1970. attrs returns the value of the attribute with the
// index i in Template.Attrs; empty and nil mean that the record has none. Its
// bytes are not kept. attrs may be nil if the template has no attributes.
//
// The name is one that cwl.ValidateStreamName accepts. In the steady state, in
// which times and values repeat, Expand does not allocate.
func (n *Name) Expand(unixMillis int64, attrs func(i int) []byte) string {
	m := &n.always
	if n.period > 0 {
		m = n.at(unixMillis)
	}
	if m.parts == nil {
		return m.name
	}
	var room [cwl.MaxNameLength]byte
	name := room[:0]
	fits := true
	for _, p := range m.parts {
		if p.kind == literal {
			name, fits = appendText(name, p.text)
		} else {
			name, fits = appendAttr(name, p.attr, attrs)
		}
		if !fits {
			break
		}
	}
	return n.cache.intern(name)
}

// appendAttr appends the value of the attribute i.
func appendAttr(name []byte, i int, attrs func(i int) []byte) ([]byte, bool) {
	var value []byte
	if attrs != nil {
		value = attrs(i)
	}
	if len(value) == 0 {
		return appendText(name, "none")
	}
	return appendClean(name, value)
}

// at returns the moment that the time belongs to. Two goroutines may make the
// same moment at once; either is right, and the number in it is what makes a
// cached one the right one.
func (n *Name) at(unixMillis int64) *moment {
	number := floorDiv(unixMillis, n.period)
	slot := &n.recent[uint64(number)%uint64(len(n.recent))]
	if m := slot.Load(); m != nil && m.number == number {
		return m
	}
	t := time.UnixMilli(unixMillis).UTC()
	m := newMoment(number, resolve(n.parts, clock, func(p part) string {
		return cleaned(string(strftime.Append(nil, t, p.text)), "none")
	}))
	slot.Store(&m)
	return &m
}

// floorDiv divides towards minus infinity: the last millisecond of 1969 is in
// the day -1, not in day 0.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
