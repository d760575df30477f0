package encode

import "log/slog"

// maxDepth bounds groups within groups: a LogValuer can return a group that
// contains itself.
const maxDepth = 100

// mark is a place to return to when what follows turns out to be nothing.
type mark struct {
	out, extra, depth, prefix, groups int
	more                              bool
}

func (b *Buffer) mark() mark {
	return mark{len(b.out), b.extra, b.depth, len(b.prefix), len(b.groups), b.more}
}

// back undoes all that was written and opened since m.
func (b *Buffer) back(m mark) {
	b.out, b.extra, b.more = b.out[:m.out], m.extra, m.more
	b.depth, b.prefix, b.groups = m.depth, b.prefix[:m.prefix], b.groups[:m.groups]
}

// attrs writes attributes and reports whether anything was written.
func (b *Buffer) attrs(e *Encoder, attrs []slog.Attr) bool {
	some := false
	for _, a := range attrs {
		if b.attr(e, a) {
			some = true
		}
	}
	return some
}

// attr writes one attribute and reports whether anything was written.
func (b *Buffer) attr(e *Encoder, a slog.Attr) bool {
	kind := a.Value.Kind()
	if kind == slog.KindAny || kind == slog.KindGroup || kind == slog.KindLogValuer || e.hooked {
		return b.anyAttr(e, a)
	}
	if e.simple {
		b.jsonAttr(e, a, kind)
	} else {
		b.plainAttr(e, a, kind)
	}
	return true
}

// plainAttr writes an attribute that is neither empty, nor a group, nor to be
// replaced any more.
func (b *Buffer) plainAttr(e *Encoder, a slog.Attr, kind slog.Kind) {
	if e.captured != nil && b.depth == 0 && !b.builtin {
		b.capture(e, a)
	}
	if e.text {
		b.textKey(a.Key)
		b.textValue(e, a.Value, kind)
	} else {
		b.jsonAttr(e, a, kind)
	}
}

// anyAttr writes an attribute of any kind, with the rules of slog: resolved,
// replaced unless it is a group, left out if empty.
func (b *Buffer) anyAttr(e *Encoder, a slog.Attr) bool {
	a.Value = b.resolve(a.Value)
	if a.Value.Kind() == slog.KindLogValuer && b.metric(a) {
		return false // written last, outside of all groups
	}
	if e.replace != nil && a.Value.Kind() != slog.KindGroup {
		a = b.replaced(e, a)
		a.Value = b.resolve(a.Value)
	}
	if e.opts.EncodeAny != nil && a.Value.Kind() == slog.KindAny && !b.builtin {
		a.Value = b.resolve(b.encodedAny(e, a.Value))
	}
	if a.Value.Kind() == slog.KindLogValuer && b.metric(a) {
		return false // that ReplaceAttr or EncodeAny has made
	}
	switch a.Value.Kind() {
	case slog.KindAny:
		if a.Key == "" && a.Value.Any() == nil {
			return false
		}
		if src, ok := a.Value.Any().(*slog.Source); ok {
			return b.sourceAttr(e, a.Key, src)
		}
	case slog.KindGroup:
		return b.group(e, a.Key, a.Value.Group())
	}
	if e.opts.Redact != nil && !b.clear {
		b.redactedAttr(e, a)
	} else {
		b.plainAttr(e, a, a.Value.Kind())
	}
	return true
}

// group writes a group, or its attributes in place of it if it has no name.
func (b *Buffer) group(e *Encoder, name string, attrs []slog.Attr) bool {
	if len(attrs) == 0 {
		return false
	}
	if name == "" {
		return b.attrs(e, attrs)
	}
	if b.depth >= maxDepth {
		b.stringAttr(e, name, "!ERROR:groups nested too deep")
		return true
	}
	m := b.mark()
	b.openGroup(e, name)
	if !b.attrs(e, attrs) {
		b.back(m)
		return false
	}
	if !e.text {
		b.out = append(b.out, '}')
	}
	b.depth, b.prefix, b.groups = m.depth, b.prefix[:m.prefix], b.groups[:m.groups]
	return true
}

// openGroups opens the groups that no attribute has opened yet.
func (b *Buffer) openGroups(e *Encoder) {
	for _, name := range e.groups[e.nOpen:] {
		b.openGroup(e, name)
	}
}

// openGroup opens one.
func (b *Buffer) openGroup(e *Encoder, name string) {
	b.depth++
	if e.replace != nil {
		b.groups = append(b.groups, name)
	}
	if e.text {
		b.prefix = append(append(b.prefix, name...), '.')
		return
	}
	b.key(e, name)
	b.out = append(b.out, '{')
	b.more = false
}

// key writes the separator, a key and what stands between it and its value.
func (b *Buffer) key(e *Encoder, key string) {
	if e.text {
		b.textKey(key)
	} else {
		b.jsonKey(key)
	}
}

// string writes a string as a value.
func (b *Buffer) string(e *Encoder, s string) {
	if e.text {
		b.textString(s)
	} else {
		b.jsonString(s)
	}
}

// stringAttr writes an attribute whose value is a string.
func (b *Buffer) stringAttr(e *Encoder, key, value string) {
	b.key(e, key)
	b.string(e, value)
}
