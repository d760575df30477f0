package watchtower

import (
	"errors"
	"log/slog"
	"maps"
	"slices"

	"github.com/watchtower-go/watchtower/internal/encode"
	"github.com/watchtower-go/watchtower/internal/streamname"
)

// A field is one of Options.Fields.
type field struct {
	key  string
	text *streamname.Text
}

// reservedFields are the keys that the library writes itself, at the top level.
var reservedFields = []string{slog.TimeKey, slog.LevelKey, slog.MessageKey, slog.SourceKey, loggerKey, "_aws", "_truncated", "_original_time", "_sampled_out"}

// parseFields reads Options.Fields, in the order of their keys. fact looks up a fact
// that is known at once.
func (o Options) parseFields(fact func(string) string) (fields []field, err error) {
	var errs []error
	var longest []slog.Attr
	for _, key := range slices.Sorted(maps.Keys(o.Fields)) {
		text, err := streamname.ParseText(o.Fields[key], nil, fact)
		switch {
		case err != nil:
			errs = append(errs, wrongOption("Fields", "%.80q: %w", key, err))
			continue
		case key == "":
			errs = append(errs, wrongOption("Fields", "a key is empty: name the field"))
		case slices.Contains(reservedFields, key) || slices.Contains(o.RecordAttrs, key):
			errs = append(errs, wrongOption("Fields", "%q is a field of the library's: choose another key", key))
		}
		longest = append(longest, slog.String(key, text.Longest()))
		fields = append(fields, field{key, text})
	}
	length := encode.AttrsSize(encode.Format(o.Format), longest)
	// A MaxEventBytes that is too small is told by itself.
	if most := o.MaxEventBytes / 2; len(fields) > 0 && o.MaxEventBytes >= minEventBytes && length > most {
		errs = append(errs, wrongOption("Fields", "they may have %d bytes in all, more than half of MaxEventBytes: at most %d", length, most))
	}
	return fields, errors.Join(errs...)
}

// lateFacts are the facts that fields lack until they are found out.
func lateFacts(fields []field) (facts []string) {
	for _, f := range fields {
		facts = union(facts, f.text.Late())
	}
	return facts
}

// fieldAttrs returns the fields that are known, and the others. value looks up a late
// fact.
func (o Options) fieldAttrs(fields []field, value func(fact string) string) (known []slog.Attr, late *encode.Late) {
	var others []encode.LateField
	for _, f := range fields {
		if len(f.text.Late()) == 0 {
			known = append(known, slog.String(f.key, f.text.Expand(nil)))
			continue
		}
		others = append(others, encode.LateField{
			Key: f.key, Value: func() string { return f.text.Expand(value) }, Most: f.text.Longest(),
		})
	}
	return known, encode.NewLate(encode.Format(o.Format), others)
}

// union is a, and what of b is not in it.
func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}
