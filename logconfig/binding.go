package logconfig

import (
	"cmp"
	"context"
	"log/slog"
)

// bind finds what becomes of a logger's records, with the attributes and groups
// that were added to it.
func (t *tree) bind(name string, ops []op) *binding {
	b := &binding{tree: t, name: cmp.Or(name, "root"), route: t.route(name)}
	for i := range b.targets {
		b.targets[i].h = apply(b.targets[i].h, ops)
	}
	return b
}

// A binding is a logger within a tree.
type binding struct {
	tree *tree
	name string // as filters see it
	route
}

// handle gives a record to all that take it. The tree is held open.
func (b *binding) handle(ctx context.Context, r slog.Record) error {
	if r.Level < b.level || !pass(b.filters, b.name, r.Level) {
		return nil
	}
	var first error
	for i := range b.targets {
		t := &b.targets[i]
		if r.Level < t.level || !pass(t.filters, b.name, r.Level) {
			continue
		}
		if err := t.h.Handle(ctx, r.Clone()); err != nil && first == nil {
			first = err
		}
	}
	return first
}
