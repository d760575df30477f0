package logconfig

import (
	"encoding/json"
	"log/slog"
	"slices"
	"strings"

	"github.com/watchtower-go/watchtower/internal/pyrecord"
	"github.com/watchtower-go/watchtower/logconfig/internal/pyformat"
)

// numeric are the fields of Python's records that are numbers.
var numeric = map[string]bool{
	"levelno": true, "lineno": true, "created": true, "msecs": true,
	"relativeCreated": true, "thread": true, "process": true,
}

// fieldFormats returns a format for each of Python's fields among the names.
func fieldFormats(names []string) map[string]*pyformat.Format {
	m := map[string]*pyformat.Format{}
	for _, n := range names {
		if _, err := pyrecord.Lookup(n); err == nil {
			m[n], _ = pyformat.Parse("%("+n+")s", "", "") // all of them are known
		}
	}
	return m
}

// shown are the attributes that the format shows, itself or in an object.
func (f *formatterSpec) shown() []string {
	names := f.parsed.Attrs()
	for _, n := range f.added {
		if f.fields[n] == nil && n != "msg" {
			names = append(names, n)
		}
	}
	return names
}

// addedMessage is the message of Python's CloudWatchLogFormatter with
// add_log_record_attrs: an object of these fields, and the message as msg, in
// the spelling of json.dumps. A dictionary has the fields added to it, in place of
// those of its own that are called so.
func (h *pythonHandler) addedMessage(rec *pyformat.Record, dictionary bool) string {
	var all []string
	if dictionary {
		all = without(rec.Message, h.format.added)
	}
	for _, name := range h.format.added {
		if name != "msg" {
			all = append(all, fieldJSON(name)+": "+spaced(h.field(name, rec)))
		}
	}
	if !dictionary {
		all = append(all, `"msg": `+fieldJSON(rec.Message))
	}
	return "{" + strings.Join(all, ", ") + "}"
}

// without is what an object of JSON has, except what has one of some keys.
func without(object string, keys []string) (all []string) {
	dec := json.NewDecoder(strings.NewReader(object))
	_, _ = dec.Token() // {
	for dec.More() {
		token, _ := dec.Token()
		key, _ := token.(string)
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return all // it is valid
		}
		if key == "msg" || !slices.Contains(keys, key) {
			all = append(all, fieldJSON(key)+": "+spaced(string(value)))
		}
	}
	return all
}

// spaced is JSON with the blanks of json.dumps, after commas and colons.
func spaced(raw string) string {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		b.WriteByte(c)
		switch {
		case quoted && c == '\\':
			i++
			b.WriteByte(raw[i])
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ',' || c == ':') && raw[i+1] != ' ':
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// field is a field of the record as JSON.
func (h *pythonHandler) field(name string, rec *pyformat.Record) string {
	if name == "taskName" {
		return "null" // None
	}
	if f := h.format.fields[name]; f != nil {
		text := string(f.Append(nil, rec))
		if numeric[name] && json.Valid([]byte(text)) {
			return text
		}
		return fieldJSON(text)
	}
	v, ok := rec.Attr(name)
	switch {
	case !ok:
		return "null"
	case v.Kind() == slog.KindAny:
		return fieldJSON(v.Any())
	}
	switch v.Kind() {
	case slog.KindBool, slog.KindInt64, slog.KindUint64, slog.KindFloat64:
		return fieldJSON(v.Any())
	}
	return fieldJSON(v.String())
}

// fieldJSON is a value as JSON; what cannot be one is a text.
func fieldJSON(v any) string {
	if s, ok := marshal(v); ok {
		return s
	}
	s, _ := marshal(slog.AnyValue(v).String())
	return s
}
