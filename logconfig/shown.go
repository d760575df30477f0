package logconfig

import (
	"log/slog"
	"slices"
	"strconv"
	"strings"
)

// A shown is an attribute that a format names, with its value.
type shown struct {
	name  string
	value slog.Value
}

// take takes the attributes that the format names out of a record's: of those with
// the same name the last one, as a dictionary of Python would have it; the others
// are left. A name with dots, such as req.id, is looked for in groups too.
func (h *pythonHandler) take(attrs []slog.Attr) (got []shown, left []slog.Attr) {
	if len(attrs) == 0 || len(h.shown) == 0 {
		return nil, attrs
	}
	for _, name := range h.shown {
		a, groups, rest, ok := cutAttr(attrs, name, nil)
		if !ok {
			continue
		}
		attrs = rest
		a = h.re.replaced(groups, a)
		if src, ok := a.Value.Any().(*slog.Source); ok && src != nil {
			a.Value = slog.StringValue(src.File + ":" + strconv.Itoa(src.Line)) // as slog writes it
		}
		if a.Key != "" {
			got = append(got, shown{name, a.Value})
		}
	}
	return got, attrs
}

// cutAttr finds the last attribute with that path of keys, and returns it with the
// groups that it stands in, and the attributes without it. Those given are not
// changed.
func cutAttr(attrs []slog.Attr, path string, within []string) (found slog.Attr, groups []string, left []slog.Attr, ok bool) {
	for i := len(attrs) - 1; i >= 0; i-- {
		a := attrs[i]
		if a.Key == path && a.Key != "" {
			return a, within, slices.Concat(attrs[:i], attrs[i+1:]), true
		}
		rest, inside := strings.CutPrefix(path, a.Key+".")
		if a.Key == "" { // a group without a name stands for what it has
			rest, inside = path, true
		}
		if !inside {
			continue
		}
		v := a.Value.Resolve()
		if v.Kind() != slog.KindGroup {
			continue
		}
		into := within
		if a.Key != "" {
			into = append(slices.Clip(within), a.Key)
		}
		if found, groups, left, ok = cutAttr(v.Group(), rest, into); ok {
			left = slices.Concat(attrs[:i], []slog.Attr{{Key: a.Key, Value: slog.GroupValue(left...)}}, attrs[i+1:])
			return found, groups, left, true
		}
	}
	return slog.Attr{}, nil, nil, false
}
