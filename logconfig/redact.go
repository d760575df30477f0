package logconfig

import (
	"encoding/json"
	"fmt"
	"log/slog"
)

// A redact is Options.Redact, or nil.
type redact func(key, value string) string

// text returns what is logged in place of a text. Where the function panics, that is
// neither the text nor what it panicked with.
func (f redact) text(key, value string) (out string) {
	if f == nil {
		return value
	}
	defer func() {
		if recover() != nil {
			out = "!PANIC: in Redact"
		}
	}()
	return f(key, value)
}

// after returns re with the redaction of what it returns. A value that will not be
// written as JSON comes as the text of fmt too.
func (f redact) after(re replace, asJSON bool) replace {
	if f == nil {
		return re
	}
	return func(groups []string, a slog.Attr) slog.Attr {
		if re != nil {
			a = re(groups, a)
		}
		if a.Value = a.Value.Resolve(); a.Value.Kind() != slog.KindGroup {
			a.Value = f.value(a.Key, a.Value, asJSON)
		}
		return a
	}
}

// value is the value of an attribute, redacted; one that Redact leaves alone is what it was.
func (f redact) value(key string, v slog.Value, asJSON bool) slog.Value {
	switch v.Kind() {
	case slog.KindString:
		return slog.StringValue(f.text(key, v.String()))
	case slog.KindInt64, slog.KindUint64, slog.KindFloat64:
		was := v.String()
		switch now := f.text(key, was); {
		case now == was:
		case isNumber(now):
			return slog.AnyValue(redacted{json.RawMessage(now)})
		default:
			return slog.StringValue(now)
		}
	case slog.KindAny:
		return f.any(key, v, asJSON)
	}
	return v
}

func (f redact) any(key string, v slog.Value, asJSON bool) slog.Value {
	switch x := v.Any().(type) {
	case nil, slog.Level, *slog.Source, loggerName:
		return v // the record's own
	case error:
		return f.changed(key, textOf(x), v)
	case []byte:
		return f.changed(key, string(x), v)
	}
	if now, ok := f.json(key, v.Any()); ok {
		return now
	}
	if asJSON {
		return v
	}
	return f.changed(key, textOf(v.Any()), v)
}

// textOf is what fmt makes of a value, which turns panics of its methods into text.
func textOf(v any) string { return fmt.Sprintf("%+v", v) }

// changed is the redacted text, or the value if that is the same.
func (f redact) changed(key, was string, v slog.Value) slog.Value {
	if now := f.text(key, was); now != was {
		return slog.StringValue(now)
	}
	return v
}

// A redacted is JSON in the place of a value.
type redacted struct{ raw json.RawMessage }

func (r redacted) MarshalJSON() ([]byte, error) { return r.raw, nil }

func (r redacted) String() string { return string(r.raw) }
