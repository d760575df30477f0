package logconfig

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
)

// json redacts each text and number within a value by its key, and then the JSON as a
// whole. It reports whether that changed anything.
func (f redact) json(key string, v any) (now slog.Value, ok bool) {
	was, ok := marshaled(v)
	if !ok {
		return now, false
	}
	var text string
	if json.Unmarshal([]byte(was), &text) == nil {
		s := f.text(key, text)
		return slog.StringValue(s), s != text
	}
	within, err := f.leaves(key, was)
	if err != nil {
		return now, false
	}
	whole := f.text(key, within)
	switch {
	case whole == was:
		return now, false
	case json.Valid([]byte(whole)):
		return slog.AnyValue(redacted{json.RawMessage(whole)}), true
	}
	return slog.StringValue(whole), true
}

// marshaled is marshal for values whose methods may panic.
func marshaled(v any) (s string, ok bool) {
	defer func() {
		if recover() != nil {
			s, ok = "", false
		}
	}()
	return marshal(v)
}

// leaves redacts the texts and numbers within JSON: elements of an array have the key
// of the array.
func (f redact) leaves(key, raw string) (string, error) {
	dec := json.NewDecoder(strings.NewReader(raw))
	dec.UseNumber()
	w := &leafWriter{redact: f}
	if err := w.value(dec, key); err != nil {
		return "", err
	}
	return w.out.String(), nil
}

// A leafWriter writes JSON of tokens.
type leafWriter struct {
	redact redact
	out    bytes.Buffer
}

func (w *leafWriter) value(dec *json.Decoder, key string) error {
	token, err := dec.Token()
	if err != nil {
		return err
	}
	switch t := token.(type) {
	case json.Delim:
		return w.within(dec, key, t)
	case string:
		w.out.WriteString(fieldJSON(w.redact.text(key, t)))
	case json.Number:
		w.number(key, t.String())
	default:
		w.out.WriteString(fieldJSON(t)) // true, false, null
	}
	return nil
}

// number writes a number that Redact has left alone, or changed to another, as one.
func (w *leafWriter) number(key, was string) {
	if now := w.redact.text(key, was); isNumber(now) {
		w.out.WriteString(now)
	} else {
		w.out.WriteString(fieldJSON(now))
	}
}

// isNumber reports whether a text is a number of JSON, and nothing else.
func isNumber(s string) bool {
	return s != "" && strings.IndexByte("-0123456789", s[0]) >= 0 && strings.TrimSpace(s) == s && json.Valid([]byte(s))
}

// within writes an object or an array, which begins with open.
func (w *leafWriter) within(dec *json.Decoder, key string, open json.Delim) error {
	w.out.WriteString(open.String())
	for first := true; dec.More(); first = false {
		if !first {
			w.out.WriteByte(',')
		}
		of := key
		if open == '{' {
			token, err := dec.Token()
			if err != nil {
				return err
			}
			of, _ = token.(string)
			w.out.WriteString(fieldJSON(of) + ":")
		}
		if err := w.value(dec, of); err != nil {
			return err
		}
	}
	end, err := dec.Token()
	if err == nil {
		fmt.Fprint(&w.out, end)
	}
	return err
}
