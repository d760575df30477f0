package logconfig

// A node is a value of a document, with its place. YAML and JSON become the
// same nodes, and nothing behind here knows which it was.
type node struct {
	kind    kind
	at      position
	text    string  // a scalar as it was written, a string without its quotes
	entries []entry // of a mapping, in the order of the document
	items   []*node // of a list
}

// An entry is a key of a mapping and its value.
type entry struct {
	key   string
	at    position
	value *node
}

// A kind is what a node is.
type kind int

const (
	nullKind kind = iota
	textKind
	intKind
	floatKind
	boolKind
	listKind
	mapKind
)

func (k kind) String() string {
	return [...]string{"nothing", "a text", "a whole number", "a number", "true or false", "a list", "a mapping"}[k]
}

// find returns the value of a key, or nil.
func (n *node) find(keys ...string) *node {
	for _, k := range keys {
		for i := range n.entries {
			if n.entries[i].key == k {
				return n.entries[i].value
			}
		}
	}
	return nil
}

// Bounds of a document. A configuration has some kilobytes; what has more is a
// mistake or an attack.
const (
	maxBytes = 256 << 10
	maxLine  = 8 << 10 // bytes of a line of YAML
	maxParts = 5000    // lines and commas of YAML, whose parser takes the square of them
	maxFlow  = 500     // brackets that are open, before the text is parsed
	maxDepth = 32      // mappings and lists within each other
	maxNodes = 20_000  // with what aliases repeat
)

// A position is a place in a document: line and column from 1, the column in
// characters. Line 0 is the document as a whole.
type position struct{ line, column int }

func (p position) before(q position) bool {
	return p.line < q.line || p.line == q.line && p.column < q.column
}
