package logconfig

import (
	"log/slog"
	"slices"
)

const (
	// maxGroups bounds groups within groups, and maxResolved the LogValuers of a
	// record that are asked: one can return a group that contains itself, which the
	// handlers of log/slog would follow until the stack is used up.
	maxGroups   = 100
	maxResolved = 10_000
)

// resolved returns attributes without LogValuers: each is asked once.
func resolved(attrs []slog.Attr) []slog.Attr {
	left := maxResolved
	return resolve(attrs, 0, &left)
}

func resolve(attrs []slog.Attr, depth int, left *int) []slog.Attr {
	if !hasValuer(attrs) {
		return attrs
	}
	attrs = slices.Clone(attrs)
	for i := range attrs {
		v := &attrs[i].Value
		if v.Kind() == slog.KindLogValuer {
			if *left--; *left < 0 {
				*v = slog.StringValue("!ERROR:too many LogValue calls")
				continue
			}
			*v = v.Resolve()
		}
		switch {
		case v.Kind() != slog.KindGroup:
		case depth == maxGroups:
			*v = slog.StringValue("!ERROR:groups nested too deep")
		default:
			*v = slog.GroupValue(resolve(v.Group(), depth+1, left)...)
		}
	}
	return attrs
}

// hasValuer looks into groups that are there; these end.
func hasValuer(attrs []slog.Attr) bool {
	return slices.ContainsFunc(attrs, func(a slog.Attr) bool {
		switch a.Value.Kind() {
		case slog.KindLogValuer:
			return true
		case slog.KindGroup:
			return hasValuer(a.Value.Group())
		}
		return false
	})
}
