package encode

import (
	"log/slog"
	"slices"
	"unicode/utf8"
)

// maxCaptured bounds a captured text in bytes: no name of a log stream can
// hold more, since 512 characters are at most 2,048 bytes.
const maxCaptured = 2048

// beginCapture makes room for n captured texts.
func (b *Buffer) beginCapture(n int) {
	if b.texts == nil {
		b.texts = make([]byte, 0, 64) // so that an empty text is not nil
	}
	for range n {
		b.captured = append(b.captured, span{})
	}
}

// capture keeps the text of a top-level attribute if its key is wanted. The
// last of several counts, as it does for most readers of JSON.
func (b *Buffer) capture(e *Encoder, a slog.Attr) {
	for i, key := range e.opts.Capture {
		if key != a.Key {
			continue
		}
		from := len(b.texts)
		b.texts = appendPlain(b.texts, a.Value)
		b.texts = b.texts[:from+cutRune(b.texts[from:], maxCaptured)]
		b.captured[i] = span{from, len(b.texts), true}
	}
}

// captureFrom captures from a record that is not formatted here.
func (b *Buffer) captureFrom(e *Encoder, top []slog.Attr, r slog.Record) {
	if len(top) > 0 {
		for _, a := range top {
			b.captureOnly(e, a)
		}
		b.laterWins(e)
	}
	if len(e.groups) == 0 {
		r.Attrs(func(a slog.Attr) bool {
			b.captureOnly(e, a)
			return true
		})
	}
}

// Capture makes b know the texts of attributes that are not written, after Line
// or LineString.
func (e *Encoder) Capture(b *Buffer, attrs []slog.Attr) {
	if e.captured == nil || len(e.groups) > 0 {
		return
	}
	for _, a := range attrs {
		b.captureOnly(e, a)
	}
}

// captureOnly is capture for an attribute that is not formatted here. A value
// that nobody wants is left alone: finding out what it is may cost something.
func (b *Buffer) captureOnly(e *Encoder, a slog.Attr) {
	if a.Key != "" && !slices.Contains(e.opts.Capture, a.Key) {
		return
	}
	a.Value = b.resolve(a.Value)
	if a.Value.Kind() != slog.KindGroup {
		if e.opts.Redact != nil {
			b.captureRedacted(e, a)
			return
		}
		b.capture(e, a)
	} else if a.Key == "" {
		for _, inline := range a.Value.Group() {
			b.captureOnly(e, inline)
		}
	}
}

// allCaptured returns copies of all captured texts, for a derived encoder.
func (b *Buffer) allCaptured() [][]byte {
	if b.enc.captured == nil {
		return nil
	}
	all := make([][]byte, len(b.enc.captured))
	for i := range all {
		if text := b.Captured(i); text != nil {
			all[i] = append([]byte{}, text...)
		}
	}
	return all
}

// cutRune returns the largest length of at most n bytes at which p can be cut
// without cutting a rune.
func cutRune(p []byte, n int) int {
	if len(p) <= n {
		return len(p)
	}
	for i := n; i > n-utf8.UTFMax && i > 0; i-- {
		if utf8.RuneStart(p[i]) {
			return i
		}
	}
	return n
}
