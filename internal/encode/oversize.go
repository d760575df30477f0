package encode

import (
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// A SizeError tells of a message that is too long and to be dropped.
type SizeError struct {
	// Size is the length of the message and Max the longest allowed, in
	// UTF-8 bytes.
	Size, Max int
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("message of %d bytes is longer than %d", e.Size, e.Max)
}

// oversize deals with the message that b holds, which is longer than e.max. It
// looks at the finished message, whoever made it: this is rare, and so there is
// one way for records, lines and foreign formatters.
func (b *Buffer) oversize(e *Encoder, ms int64, level slog.Level, record bool) error {
	if e.opts.Oversize == Drop {
		return &SizeError{Size: len(b.out) - b.body - b.extra + b.room, Max: e.max}
	}
	limit := e.max - b.room
	msg := unescape(nil, view(b.out[b.body:]))
	isJSON := msg[0] == '{' && json.Valid(msg)
	var messages [][]byte
	switch {
	case e.opts.Oversize == Split && isJSON:
		frame := jsonFrame{}
		if record {
			frame.level = level.String()
		}
		id := newID()
		messages = split(msg, limit, frame, id)
		if d := declaration(msg, limit, frame.level, id); d != nil {
			messages = append(messages, d)
		}
	case e.opts.Oversize == Split:
		messages = split(msg, limit, textFrame{}, newID())
	case isJSON:
		messages = [][]byte{shrinkJSON(msg, limit)}
	default:
		messages = [][]byte{shrinkText(msg, limit)}
	}
	if isJSON && record {
		e.reportUndeclared(msg, messages[len(messages)-1])
	}
	b.replaceEvents(messages, ms, level, isJSON)
	return nil
}

// reportUndeclared tells of metrics that a message had, if what would declare them
// has become too long itself.
func (e *Encoder) reportUndeclared(was, now []byte) {
	if e.opts.Namespace == "" || len(declared(now).metrics) > 0 {
		return
	}
	for _, name := range declared(was).metrics {
		e.report(name, nil, "the record is longer than an event may be, and so are its metrics and dimensions alone: log them in a record of their own")
	}
}

// replaceEvents makes b hold one event for each message, all of the same time. Of a
// message in parts only what is not split has room for late fields.
func (b *Buffer) replaceEvents(messages [][]byte, ms int64, level slog.Level, isJSON bool) {
	head := string(b.out[:b.body])
	var parts *cwl.Parts
	if len(messages) > 1 {
		parts = &cwl.Parts{Left: len(messages)}
	}
	b.out = b.out[:0]
	b.events = make([]cwl.Event, len(messages))
	for i, msg := range messages {
		from := len(b.out)
		b.out = append(b.out, head...)
		b.out, _ = escape(b.out, view(msg))
		if b.room > 0 && parts == nil {
			b.out = append(b.out, markMore)
			if n := len(b.out); isJSON { // before the last brace
				b.out[n-2], b.out[n-1] = b.out[n-1], b.out[n-2]
			}
		}
		b.out = append(b.out, closing...)
		// The memory may move while it grows: an earlier event keeps the old
		// one, which nobody writes to any more.
		fragment := b.out[from:len(b.out):len(b.out)]
		b.events[i] = cwl.Event{Time: ms, Level: level, Fragment: fragment, Size: len(msg), Parts: parts}
	}
}
