package encode

import "log/slog"

// top writes the logger's name, attributes at the top level, and what WithAttrs
// was given.
func (b *Buffer) top(e *Encoder, attrs []slog.Attr) {
	if len(e.name.out) > 0 {
		b.appendRun(e.name)
	}
	b.attrs(e, attrs)
	b.laterWins(e)
	if len(e.pre.out) > 0 {
		b.appendRun(e.pre)
	}
}

// laterWins forgets captured texts for which WithAttrs has given others: those
// come later in the message.
func (b *Buffer) laterWins(e *Encoder) {
	for i, text := range e.captured {
		if text != nil {
			b.captured[i] = span{}
		}
	}
}
