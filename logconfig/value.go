package logconfig

import (
	"math"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"
)

// quote is a text from the document as errors show it: in one line, cut where it
// is very long.
func quote(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return strconv.Quote(s)
}

// value reads the value of a key. If it is wrong, that is noted.
func (r *reader) value(n *node, path string, k *key) (any, bool) {
	if r.foreign(n, path, k) {
		return nil, false
	}
	if k.inner != nil && n.kind == mapKind {
		return r.fields(n, path, k.inner), true
	}
	if k.want == wantTags && r.nested(n, path) {
		return nil, false
	}
	v, wrong := parse(n, k)
	if i, ok := v.(int); ok && wrong == "" && k.least > 0 && i < k.least {
		r.wrong(n.at, path, "%d is too small: at least %d", i, k.least)
		return nil, false
	}
	if wrong == "" {
		return v, true
	}
	shown := n.kind.String()
	if n.kind != mapKind && n.kind != listKind {
		shown = quote(n.text)
	}
	r.wrong(n.at, path, "%s is not %s", shown, wrong)
	return nil, false
}

// foreign notes, and reports, what Python would look up for the value of a key, or
// for one of the values in it.
func (r *reader) foreign(n *node, path string, k *key) (found bool) {
	switch {
	case n.kind == listKind:
		for _, i := range n.items {
			found = r.foreign(i, path, k) || found
		}
	case n.kind == mapKind && k.want == wantTags:
		for _, e := range n.entries {
			found = r.foreign(e.value, joinPath(path, e.key), k) || found
		}
	case n.kind != textKind:
	case strings.HasPrefix(n.text, "cfg://"):
		r.wrong(n.at, path, "references (cfg://) are not followed: write the value itself, or use an anchor of YAML")
		return true
	case strings.HasPrefix(n.text, "ext://") && !k.ext:
		r.wrong(n.at, path, "objects of Python (ext://) are not known here: write the value itself")
		return true
	}
	return found
}

// readings are how values are read, and what errors say they have to be.
var readings = map[want]struct {
	read func(*node) (any, bool)
	be   string
}{
	wantText:     {as(parseText), "a text"},
	wantWord:     {as(parseWord), "a text or a whole number"},
	wantNumber:   {as(parseNumber), "a whole number"},
	wantBool:     {as(parseBool), "true or false"},
	wantSize:     {as(parseSize), "a number of bytes, such as 1048576, 512KiB or 16MiB"},
	wantDuration: {as(parseDuration), "a time: a number of seconds, or one with a unit, such as 500ms, 5s or 1m"},
	wantNames:    {as(parseNames), "a list of names"},
	wantTags:     {as(parseTags), "a mapping of texts"},
	wantAddress:  {as(parseAddress), "an address: [host, port], a host, or the path of a socket"},
	wantMap:      {as(parseMap), "a mapping"},
}

// as makes one kind of all readings.
func as[T any](read func(*node) (T, bool)) func(*node) (any, bool) {
	return func(n *node) (any, bool) {
		v, ok := read(n)
		return v, ok
	}
}

// parse returns the value, or what was expected.
func parse(n *node, k *key) (v any, expected string) {
	switch k.want {
	case wantLevel:
		if l, ok := parseLevel(n); ok {
			return l, ""
		}
		return nil, "a level" + meant(n.text, levelNames) + ": use " + strings.Join(levelNames, ", ") + ", or a number of Python"
	case wantChoice:
		s := strings.ToLower(n.text)
		if n.kind == textKind && slices.Contains(k.choices, s) {
			return s, ""
		}
		return nil, "one of " + strings.Join(k.choices, ", ") + meant(s, k.choices)
	}
	r := readings[k.want]
	if v, ok := r.read(n); ok {
		return v, ""
	}
	return nil, r.be
}

func parseText(n *node) (string, bool) { return n.text, n.kind == textKind }

func parseWord(n *node) (string, bool) { return n.text, n.kind == textKind || n.kind == intKind }

func parseMap(n *node) (*node, bool) { return n, n.kind == mapKind }

// meant asks whether the nearest name was meant.
func meant(s string, known []string) string {
	if n := nearest(s, known); n != "" {
		return " (did you mean " + n + "?)"
	}
	return ""
}

// parseNumber reads a whole number; PyYAML allows underscores in it.
func parseNumber(n *node) (int, bool) {
	if n.kind != intKind {
		return 0, false
	}
	i, err := strconv.Atoi(strings.ReplaceAll(n.text, "_", ""))
	return i, err == nil
}

// parseBool reads a truth, also in the words that YAML had for it before 1.2,
// which PyYAML still reads, and as the numbers that Python takes for it.
func parseBool(n *node) (value, ok bool) {
	switch strings.ToLower(n.text) {
	case "true", "yes", "on", "1":
		return true, n.kind != floatKind
	case "false", "no", "off", "0":
		return false, n.kind != floatKind
	}
	return false, false
}

// sizes are the units of sizes.
var sizes = []struct {
	unit  string
	bytes int
}{
	{"KiB", 1 << 10},
	{"MiB", 1 << 20},
	{"GiB", 1 << 30},
	{"kB", 1e3},
	{"KB", 1e3},
	{"MB", 1e6},
	{"GB", 1e9},
	{"B", 1},
}

func parseSize(n *node) (int, bool) {
	if n.kind != textKind {
		return parseNumber(n)
	}
	for _, s := range sizes {
		if number, ok := strings.CutSuffix(n.text, s.unit); ok {
			i, err := strconv.Atoi(strings.TrimSpace(number))
			return i * s.bytes, err == nil && i >= 0 && i <= math.MaxInt32
		}
	}
	return 0, false
}

func parseDuration(n *node) (time.Duration, bool) {
	if n.kind == textKind {
		d, err := time.ParseDuration(n.text)
		return d, err == nil
	}
	if n.kind != intKind && n.kind != floatKind {
		return 0, false
	}
	seconds, err := strconv.ParseFloat(n.text, 64)
	ok := err == nil && math.Abs(seconds) < 1e9
	if !ok {
		return 0, false
	}
	return time.Duration(seconds * float64(time.Second)), true
}

// parseNames reads a list of names. A single one may stand alone; Python would
// take it apart into letters.
func parseNames(n *node) ([]reference, bool) {
	if n.kind == textKind {
		return []reference{{n.text, n.at}}, true
	}
	if n.kind != listKind {
		return nil, false
	}
	var list []reference
	for _, i := range n.items {
		if i.kind != textKind && i.kind != intKind {
			return nil, false
		}
		list = append(list, reference{i.text, i.at})
	}
	return list, true
}

// nested notes, and reports, mappings and lists in the place of texts.
func (r *reader) nested(n *node, path string) (found bool) {
	for _, e := range n.entries {
		if k := e.value.kind; k == mapKind || k == listKind {
			r.wrong(e.value.at, joinPath(path, e.key), "%v is not a text", k)
			found = true
		}
	}
	return found
}

func parseTags(n *node) (map[string]string, bool) {
	if n.kind != mapKind {
		return nil, false
	}
	tags := make(map[string]string, len(n.entries))
	for _, e := range n.entries {
		if e.value.kind == mapKind || e.value.kind == listKind {
			return nil, false
		}
		tags[e.key] = e.value.text
	}
	return tags, true
}

// parseAddress reads Python's pair of host and port, or a text.
func parseAddress(n *node) (string, bool) {
	if n.kind == textKind {
		return n.text, n.text != ""
	}
	if n.kind != listKind || len(n.items) != 2 || n.items[0].kind != textKind || n.items[1].kind != intKind {
		return "", false
	}
	port, err := strconv.ParseUint(n.items[1].text, 10, 16)
	return net.JoinHostPort(n.items[0].text, n.items[1].text), err == nil && port > 0
}
