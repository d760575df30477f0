package logconfig

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"reflect"
	"strings"
)

// dictionary is a map or a struct as JSON; "" for all else, and for what cannot
// be written as JSON.
func dictionary(v slog.Value) string {
	if v.Kind() != slog.KindAny || v.Any() == nil {
		return ""
	}
	if _, isErr := v.Any().(error); isErr {
		return ""
	}
	t := reflect.TypeOf(v.Any())
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Map && t.Kind() != reflect.Struct {
		return ""
	}
	s, ok := marshal(v.Any())
	if !ok || !strings.HasPrefix(s, "{") {
		return ""
	}
	return s
}

// marshal is a value as JSON, without the escapes that are for HTML.
func marshal(v any) (s string, ok bool) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err == nil
}
