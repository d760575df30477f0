package logconfig

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestSchemaTakesTheExamples(t *testing.T) {
	var schema object
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("testdata/*.yaml")
	json, _ := filepath.Glob("testdata/*.json")
	files = append(files, slices.DeleteFunc(json, func(f string) bool { return strings.HasSuffix(f, "expected.json") })...)
	if len(files) < 4 {
		t.Fatalf("only %v", files)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := Check(f, data); err != nil {
			t.Error(err)
		}
		for _, wrong := range matches(schema, schema, plain(t, data), f) {
			t.Error(wrong)
		}
	}
}

// What the schema must see, as an editor shows it while somebody writes.
func TestSchemaRefusesWhatIsWrong(t *testing.T) {
	var schema object
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"unknown_key", "unknown_handler_key", "no_class", "unknown_class", "bad_level", "bad_style", "bad_values", "no_version",
		"version_two", "list_as_root", "boto3_client", "json_key", "many", "only_in_go", "nested",
	} {
		data, err := os.ReadFile(filepath.Join("testdata", "broken", name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		if len(matches(schema, schema, plain(t, data), name)) == 0 {
			t.Errorf("%s is taken", name)
		}
	}
}

// plain is a document as the plain values of JSON.
func plain(t *testing.T, data []byte) any {
	t.Helper()
	r := newReader("doc", data)
	var n *node
	if looksJSON(data) {
		n = r.parseJSON(data)
	} else {
		n = r.parseYAML(data)
	}
	if n == nil {
		t.Fatal(r.err())
	}
	return n.plain()
}

func (n *node) plain() any {
	switch n.kind {
	case textKind:
		return n.text
	case intKind, floatKind:
		f, _ := strconv.ParseFloat(n.text, 64)
		return f
	case boolKind:
		return strings.EqualFold(n.text, "true")
	case listKind:
		list := []any{}
		for _, i := range n.items {
			list = append(list, i.plain())
		}
		return list
	case mapKind:
		m := object{}
		for _, e := range n.entries {
			m[e.key] = e.value.plain()
		}
		return m
	}
	return nil
}

// matches tells where a value is not what a schema wants. It knows the words of
// JSON Schema that Schema uses, and fails on all others.
func matches(root, s object, v any, path string) (wrong []string) {
	no := func(format string, args ...any) { wrong = append(wrong, path+": "+fmt.Sprintf(format, args...)) }
	valid := func(sub any) bool { return len(matches(root, sub.(object), v, path)) == 0 }
	m, isMap := v.(object)
	for word, want := range s {
		switch word {
		case "$schema", "$defs", "title", "description", "then", "patternProperties":
		case "$ref":
			def := root["$defs"].(object)[strings.TrimPrefix(want.(string), "#/$defs/")]
			wrong = append(wrong, matches(root, def.(object), v, path)...)
		case "type":
			if !isType(want, v) {
				no("%v is not %v", v, want)
			}
		case "enum":
			if !slices.ContainsFunc(want.([]any), func(e any) bool { return reflect.DeepEqual(e, v) }) {
				no("%v is not one of %v", v, want)
			}
		case "pattern":
			if text, ok := v.(string); ok && !regexp.MustCompile(want.(string)).MatchString(text) {
				no("%q is not like %v", text, want)
			}
		case "required":
			for _, name := range want.([]any) {
				if _, ok := m[name.(string)]; isMap && !ok {
					no("%v is missing", name)
				}
			}
		case "properties":
			for name, value := range m {
				if sub, ok := want.(object)[name]; ok {
					wrong = append(wrong, matches(root, sub.(object), value, path+"."+name)...)
				}
			}
		case "additionalProperties":
			for name, value := range m {
				known, _ := s["properties"].(object)
				if _, ok := known[name]; ok || strings.HasPrefix(name, "x-") {
					continue
				}
				if want == false {
					no("unknown %s", name)
				} else {
					wrong = append(wrong, matches(root, want.(object), value, path+"."+name)...)
				}
			}
		case "items":
			list, _ := v.([]any)
			for i, item := range list {
				wrong = append(wrong, matches(root, want.(object), item, fmt.Sprintf("%s[%d]", path, i))...)
			}
		case "anyOf":
			if !slices.ContainsFunc(want.([]any), valid) {
				no("%v is nothing of what it can be", v)
			}
		case "allOf":
			for _, sub := range want.([]any) {
				wrong = append(wrong, matches(root, sub.(object), v, path)...)
			}
		case "if":
			if valid(want) {
				wrong = append(wrong, matches(root, s["then"].(object), v, path)...)
			}
		default:
			no("the test does not know %q", word)
		}
	}
	return wrong
}

// isType reports whether a value is of one of the types.
func isType(types, v any) bool {
	list, ok := types.([]any)
	if !ok {
		list = []any{types}
	}
	name := "null"
	switch v := v.(type) {
	case string:
		name = "string"
	case bool:
		name = "boolean"
	case float64:
		if v == float64(int64(v)) && slices.Contains(list, any("integer")) {
			return true
		}
		name = "number"
	case []any:
		name = "array"
	case object:
		name = "object"
	}
	return slices.Contains(list, any(name))
}
