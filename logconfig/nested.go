package logconfig

import (
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/watchtower-go/watchtower"
)

// samplingKeys are the fields of watchtower.Sampling.
var samplingKeys = []key{
	{name: "interval", want: wantDuration, doc: "The length of an interval. If missing, a second."},
	{name: "first", want: wantNumber, doc: "How many records of an interval are kept in any case. If missing, 100."},
	{name: "thereafter", want: wantNumber, doc: "Of how many records after these one is kept; -1 is none. If missing, 100."},
	{name: "level", want: wantLevel, doc: "The lowest level of which every record is kept. If missing, ERROR."},
}

func setSampling(c *cloudWatch, v any) {
	f, whole := v.(fields)
	if !whole && !v.(bool) {
		return
	}
	s := &watchtower.Sampling{First: f.number("first"), Thereafter: f.number("thereafter")}
	s.Interval, _ = f["interval"].value.(time.Duration)
	if l, ok := f["level"].value.(slog.Level); ok {
		s.Level = l
	}
	c.opts.Sampling = s
}

// entityKeys are the fields of watchtower.Entity, and what the first of them may
// have, which can stand beside them.
var entityKeys = []key{
	{name: "key_attributes", want: wantTags, doc: "What identifies the entity: the keys below, which may also stand here."},
	{name: "attributes", want: wantTags, doc: "What else there is to say of the entity, such as PlatformType."},
	{name: "Type", want: wantText, doc: "Service, RemoteService, AWS::Service, Resource or AWS::Resource."},
	{name: "ResourceType", want: wantText, doc: "The type of a resource."},
	{name: "Identifier", want: wantWord, doc: "What identifies a resource."},
	{name: "Name", want: wantWord, doc: "The name of a service."},
	{name: "Environment", want: wantWord, doc: "Where a service runs."},
}

func setEntity(c *cloudWatch, v any) {
	f, _ := v.(fields)
	e := &watchtower.Entity{}
	e.Attributes, _ = f["attributes"].value.(map[string]string)
	e.KeyAttributes, _ = f["key_attributes"].value.(map[string]string)
	for _, k := range entityKeys[2:] {
		if s, ok := f[k.name].value.(string); ok {
			if e.KeyAttributes == nil {
				e.KeyAttributes = map[string]string{}
			}
			e.KeyAttributes[k.name] = s
		}
	}
	c.opts.Entity = e
}

// own returns options of which the program may change everything: a reload compares
// what the document has.
func (c *cloudWatch) own() watchtower.Options {
	o := c.opts
	o.Tags, o.Fields, o.RecordAttrs = maps.Clone(o.Tags), maps.Clone(o.Fields), slices.Clone(o.RecordAttrs)
	if o.Sampling != nil {
		o.Sampling = new(*o.Sampling)
	}
	if o.Entity != nil {
		o.Entity = &watchtower.Entity{KeyAttributes: maps.Clone(o.Entity.KeyAttributes), Attributes: maps.Clone(o.Entity.Attributes)}
	}
	return o
}

// goKeys are the fields of watchtower.Options that a document cannot have.
var goKeys = []key{
	{name: "client", want: wantText, refuse: "a client cannot be named here: use region, profile and endpoint_url, or set Client in Go, by Options.Watchtower of logconfig"},
	{name: "replace_attr", want: wantText, refuse: code("ReplaceAttr")},
	{name: "context_attrs", want: wantText, refuse: "this is code: set ContextAttrs of logconfig's Options in Go"},
	{name: "redact", want: wantText, refuse: "this is code: set Redact of logconfig's Options in Go"},
	{name: "encode_any", want: wantText, refuse: code("EncodeAny")},
	{name: "new_formatter", want: wantText, refuse: "this is code: use a formatter, or set NewFormatter in Go, by Options.Watchtower of logconfig"},
	{name: "fallback", want: wantText, refuse: code("Fallback")},
	{name: "on_error", want: wantText, refuse: "this is code: set OnError of logconfig's Options in Go"},
}

// code says how to set what only a program can.
func code(option string) string {
	return "this is code: set " + option + " in Go, by Options.Watchtower of logconfig"
}
