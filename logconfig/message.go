package logconfig

import (
	"log/slog"
	"slices"
)

// message is the message with the attributes that the format does not show.
func (h *pythonHandler) message(msg string, left []slog.Attr) string {
	if len(left) == 0 {
		return msg
	}
	if text := h.rest.write(left); text != "" {
		return msg + " " + text
	}
	return msg
}

// objectMessage is the message of a record that has none: its attributes.
func (h *pythonHandler) objectMessage(r slog.Record, left []slog.Attr) string {
	if len(left) == 0 {
		return ""
	}
	last := len(left) - 1
	if s := h.ownDictionary(r, left[last]); s != "" {
		return merged(h.object.write(left[:last]), s)
	}
	if len(left) == 1 {
		only := h.asJSON.replaced(nil, left[0]).Value
		if s := dictionary(only); s != "" {
			return s
		}
		if only.Kind() == slog.KindGroup {
			left = only.Group()
		}
	}
	if text := h.object.write(left); text != "{}" {
		return text
	}
	return "" // there was nothing in them
}

// ownDictionary is the dictionary that a record has for its only attribute, outside of
// groups, as JSON. What handlers, With and contexts have added stands beside it; so that its
// keys do not depend on them, it is merged with that.
func (h *pythonHandler) ownDictionary(r slog.Record, last slog.Attr) string {
	if r.NumAttrs() != 1 || len(h.frames) > 1 {
		return ""
	}
	r.Attrs(func(a slog.Attr) bool {
		if a.Key != last.Key || slices.Contains(h.shown, a.Key) {
			last = slog.Attr{}
		}
		return true
	})
	if last.Key == "" {
		return ""
	}
	return dictionary(h.asJSON.replaced(nil, last).Value)
}

// merged is one JSON object of two.
func merged(a, b string) string {
	switch {
	case a == "{}":
		return b
	case b == "{}":
		return a
	}
	return a[:len(a)-1] + "," + b[1:]
}
