package logconfig

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// This file is the door to the YAML library: its syntax tree becomes nodes
// here, with aliases and merge keys resolved, within the bounds of a document.

// parseYAML returns the root of a document, or nil with what is wrong noted.
func (r *reader) parseYAML(data []byte) (root *node) {
	if !r.bounded(data) {
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			root = nil
			r.wrong(position{}, "", "this YAML cannot be read: %v", p)
		}
	}()
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return nil
	}
	var docs []*ast.DocumentNode
	for _, d := range file.Docs {
		if d.Body != nil && d.Body.Type() != ast.DirectiveType {
			docs = append(docs, d)
		}
	}
	if len(docs) == 0 {
		r.wrong(position{}, "", "there is no configuration in it")
		return nil
	}
	if len(docs) > 1 {
		r.wrong(place(docs[1].Start), "", "a second document begins: one file has one configuration")
	}
	t := &yamlTree{r: r, anchors: map[string]ast.Node{}, open: map[string]bool{}}
	root = t.node(docs[0].Body, 0)
	if t.failed {
		return nil
	}
	return root
}

// bounded keeps from the parser what would cost it too much.
func (r *reader) bounded(data []byte) bool {
	open, parts := 0, 0
	for i, line := range r.lines {
		if parts += 1 + strings.Count(line, ","); parts > maxParts {
			r.wrong(position{i + 1, 1}, "", "more than %d lines and commas: a configuration has fewer", maxParts)
			return false
		}
		if len(line) > maxLine {
			r.wrong(position{i + 1, 1}, "", "the line is longer than %d bytes", maxLine)
			return false
		}
		for _, c := range line {
			switch c {
			case '[', '{':
				open++
			case ']', '}':
				open = max(open-1, 0)
			}
		}
		if open > maxFlow {
			r.wrong(position{i + 1, 1}, "", "more than %d brackets are open here", maxFlow)
			return false
		}
		if strings.HasPrefix(line, "\t") && open == 0 && strings.TrimSpace(line) != "" {
			r.wrong(position{i + 1, 1}, "", "a tab indents the line: YAML takes spaces only")
			return false
		}
	}
	return true
}

// syntax notes an error of the library.
func (r *reader) syntax(err error) {
	if e, ok := errors.AsType[yaml.Error](err); ok {
		message, _, _ := strings.Cut(e.GetMessage(), "\n")
		r.wrong(place(e.GetToken()), "", "this is not YAML: %s", message)
		return
	}
	message, _, _ := strings.Cut(err.Error(), "\n")
	r.wrong(position{}, "", "this is not YAML: %s", message)
}

func place(t *token.Token) position {
	if t == nil || t.Position == nil {
		return position{}
	}
	return position{t.Position.Line, t.Position.Column}
}

// A yamlTree turns a syntax tree into nodes.
type yamlTree struct {
	r       *reader
	anchors map[string]ast.Node
	open    map[string]bool // anchors that are being expanded
	count   int
	failed  bool
}

func (t *yamlTree) fail(at position, format string, args ...any) *node {
	if !t.failed {
		t.r.wrong(at, "", format, args...)
	}
	t.failed = true
	return &node{at: at}
}

// node returns a value. Once it has failed it goes no deeper.
func (t *yamlTree) node(n ast.Node, depth int) *node {
	if n == nil || t.failed {
		return &node{}
	}
	at := place(n.GetToken())
	if t.count++; t.count > maxNodes {
		return t.fail(at, "the document has more than %d values, with those that aliases repeat", maxNodes)
	}
	if depth > maxDepth {
		return t.fail(at, "mappings and lists are more than %d deep here", maxDepth)
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			at = place(n.Values[0].Key.GetToken()) // the token is the first colon
		}
		return t.mapping(at, n.Values, depth)
	case *ast.MappingValueNode:
		return t.mapping(place(n.Key.GetToken()), []*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		list := &node{kind: listKind, at: at}
		for _, v := range n.Values {
			list.items = append(list.items, t.node(v, depth+1))
		}
		return list
	case *ast.AnchorNode:
		t.anchors[n.Name.String()] = n.Value
		return t.node(n.Value, depth)
	case *ast.AliasNode:
		return t.alias(n, at, depth)
	case *ast.TagNode:
		return t.tag(n, depth)
	}
	return t.scalar(n, at)
}

// alias expands an alias. Its values have the places of the anchor's.
func (t *yamlTree) alias(n *ast.AliasNode, at position, depth int) *node {
	name := n.Value.String()
	value, ok := t.anchors[name]
	switch {
	case !ok:
		return t.fail(at, "the alias *%s has no anchor &%s before it", name, name)
	case t.open[name]:
		return t.fail(at, "the alias *%s is within its own anchor", name)
	}
	t.open[name] = true
	defer delete(t.open, name)
	return t.node(value, depth+1)
}

// scalarTags say what a scalar is, whatever it looks like.
var scalarTags = map[string]kind{"!!str": textKind, "!!int": intKind, "!!float": floatKind, "!!bool": boolKind}

// tag reads a value with a tag: those of YAML itself only.
func (t *yamlTree) tag(n *ast.TagNode, depth int) *node {
	v := t.node(n.Value, depth+1)
	switch tag := n.Start.Value; {
	case v.kind != mapKind && v.kind != listKind && scalarTags[tag] != nullKind:
		v.kind = scalarTags[tag]
	case strings.HasPrefix(tag, "!!python/"):
		return t.fail(place(n.Start), "the tag %s makes an object of Python: write a plain value", tag)
	case !strings.HasPrefix(tag, "!!"):
		return t.fail(place(n.Start), "the tag %s is not known: write a plain value", tag)
	}
	return v
}

func (t *yamlTree) scalar(n ast.Node, at position) *node {
	s := &node{at: at, text: n.GetToken().Value}
	switch n := n.(type) {
	case *ast.NullNode:
		s.kind = nullKind
	case *ast.BoolNode:
		s.kind = boolKind
	case *ast.IntegerNode:
		s.kind, s.text = intKind, fmt.Sprint(n.Value)
	case *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		s.kind = floatKind
	case *ast.LiteralNode:
		s.kind, s.text = textKind, n.Value.Value
	case *ast.StringNode:
		s.kind, s.text = textKind, n.Value
	default:
		return t.fail(at, "a value cannot stand here")
	}
	return s
}

// mapping reads keys and values; those of merge keys (<<) come last, and only
// where the mapping has no such key of its own.
func (t *yamlTree) mapping(at position, values []*ast.MappingValueNode, depth int) *node {
	m := &node{kind: mapKind, at: at}
	first := map[string]position{}
	var merged []*node
	for _, v := range values {
		keyAt := place(v.Key.GetToken())
		if v.Key.IsMergeKey() {
			merged = append(merged, t.node(v.Value, depth+1))
			continue
		}
		key := t.key(v.Key, keyAt)
		if old, twice := first[key]; twice {
			t.r.wrong(keyAt, "", "the key %q is there twice: the first is in line %d", key, old.line)
			continue
		}
		first[key] = keyAt
		m.entries = append(m.entries, entry{key, keyAt, t.node(v.Value, depth+1)})
	}
	for _, from := range merged {
		if from.kind != listKind {
			from = &node{kind: listKind, items: []*node{from}}
		}
		for _, item := range from.items {
			if item.kind != mapKind {
				t.fail(item.at, "what is merged (<<) has to be a mapping, and is %v", item.kind)
			}
			for _, e := range item.entries {
				if _, own := first[e.key]; !own {
					first[e.key] = e.at
					m.entries = append(m.entries, e)
				}
			}
		}
	}
	return m
}

// key returns a key as text: Python's dictionaries have numbers as keys too, but
// no configuration of logging has.
func (t *yamlTree) key(k ast.MapKeyNode, at position) string {
	switch k := k.(type) {
	case *ast.MappingKeyNode:
		if v := t.node(k.Value, 0); v.kind != mapKind && v.kind != listKind {
			return v.text
		}
		t.fail(at, "a key has to be a text")
	case *ast.StringNode:
		return k.Value
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		if v := t.node(k, 0); v.kind != mapKind && v.kind != listKind {
			return v.text
		}
		t.fail(at, "a key has to be a text")
	}
	return k.GetToken().Value
}
