package logconfig

import (
	"slices"
	"strings"

	"github.com/watchtower-go/watchtower/internal/near"
)

// A key is a name that a mapping may have. The tables of keys are all that is
// known of the format of a document: reading, the texts of errors and the JSON
// Schema are made of them.
type key struct {
	name    string
	also    []string // other spellings
	want    want
	choices []string // of a choice, in lower case
	doc     string
	ext     bool  // objects of Python are known to it, as ext://sys.stdout
	least   int   // of a number
	inner   []key // those of a mapping that can stand in the value's place; it becomes fields
	// refuse, if not empty, is why a name that Python has cannot be used here,
	// and what to do instead. A null is no use of it.
	refuse string
	// set stores the value of a key of a CloudWatch handler.
	set func(c *cloudWatch, v any)
}

// A want is what the value of a key has to be, and what it becomes.
type want int

const (
	wantText     want = iota // string
	wantNumber               // int
	wantBool                 // bool
	wantSize                 // int: bytes
	wantDuration             // time.Duration

	wantLevel   // slog.Level
	wantNames   // []reference
	wantChoice  // string
	wantTags    // map[string]string
	wantAddress // string: host:port or a path
	wantWord    // string: a text or a number
	wantMap     // *node
)

// A reference is the name of something that is configured elsewhere.
type reference struct {
	text string
	at   position
}

// A field is a key that a mapping has.
type field struct {
	keyAt, at position
	path      string
	value     any
}

// fields are the keys of a mapping, by the first spelling. Keys that are null,
// and those with wrong values, are not among them.
type fields map[string]field

// text returns the text of a key, or "".
func (f fields) text(name string) string {
	s, _ := f[name].value.(string)
	return s
}

// number returns the number of a key, or 0.
func (f fields) number(name string) int {
	n, _ := f[name].value.(int)
	return n
}

// is returns the truth of a key, or what it is otherwise.
func (f fields) is(name string, otherwise bool) bool {
	if b, ok := f[name].value.(bool); ok {
		return b
	}
	return otherwise
}

// first returns the first of some keys that is there.
func (f fields) first(names []string) (field, bool) {
	for _, n := range names {
		if v, ok := f[n]; ok {
			return v, true
		}
	}
	return field{}, false
}

// names returns the references of a key.
func (f fields) names(key string) []reference {
	n, _ := f[key].value.([]reference)
	return n
}

// fields reads a mapping by a table.
func (r *reader) fields(n *node, path string, table []key) fields {
	got := fields{}
	if n.kind == nullKind {
		return got
	}
	if n.kind != mapKind {
		r.wrong(n.at, path, "has to be a mapping, and is %v", n.kind)
		return got
	}
	spelled := map[string]string{}
	for _, e := range n.entries {
		if r.full() {
			r.more++
			break // to find what is meant by each of thousands would take long
		}
		k := lookUp(table, e.key)
		if k == nil {
			if !strings.HasPrefix(e.key, "x-") {
				r.wrong(e.at, path, "%s", unknown("key", e.key, spellings(table)))
			}
			continue
		}
		if other, twice := spelled[k.name]; twice {
			r.wrong(e.at, path, "%q and %q are the same key: write one of them", other, e.key)
			continue
		}
		spelled[k.name] = e.key
		if e.value.kind == nullKind {
			continue
		}
		at := joinPath(path, e.key)
		if k.refuse != "" {
			r.wrong(e.at, at, "%s", k.refuse)
			continue
		}
		if v, ok := r.value(e.value, at, k); ok {
			got[k.name] = field{e.at, e.value.at, at, v}
		}
	}
	return got
}

// lookUp finds a key by any of its spellings.
func lookUp(table []key, spelling string) *key {
	for i := range table {
		if k := &table[i]; k.name == spelling || slices.Contains(k.also, spelling) {
			return k
		}
	}
	return nil
}

// spellings are all names of a table that are of use.
func spellings(table []key) (all []string) {
	for _, k := range table {
		if k.refuse == "" {
			all = append(append(all, k.name), k.also...)
		}
	}
	return all
}

// joinPath is the path of a key within what has the path.
func joinPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// unknown says that nothing has this name, and what is meant most likely.
func unknown(what, name string, known []string) string {
	s := "unknown " + what + " " + quote(name)
	if n := nearest(name, known); n != "" {
		return s + ": did you mean " + quote(n) + "?"
	}
	if len(known) == 0 {
		return s + ": there is none"
	}
	if len(known) > 12 {
		return s + ": known are " + strings.Join(known[:12], ", ") + " and others"
	}
	return s + ": known are " + strings.Join(known, ", ")
}

// nearest returns the name that is most like another, or "" if none is.
func nearest(name string, known []string) string {
	if len(name) > 100 {
		return ""
	}
	best, distance := "", min(max(2, len(name)/3), 3)+1
	for _, k := range known {
		d := near.Distance(strings.ToLower(name), strings.ToLower(k))
		if d < distance && d < len(k) {
			best, distance = k, d
		}
	}
	return best
}
