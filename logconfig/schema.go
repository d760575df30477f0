package logconfig

import (
	"encoding/json"
	"slices"
	"strings"
)

// An object is a part of a JSON Schema.
type object = map[string]any

// Schema returns a JSON Schema (draft 2020-12) of documents, for editors. It is
// made of the tables by which documents are read, and is somewhat stricter: it
// wants true and not yes, for one.
func Schema() []byte {
	handler := mapping(nil)
	handler["properties"] = object{"class": classSchema(), "()": classSchema()}
	handler["anyOf"] = []any{object{"required": []string{"class"}}, object{"required": []string{"()"}}}
	handler["allOf"] = handlerSchemas()
	delete(handler, "additionalProperties")
	root := mapping(documentKeys)
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Configuration of logging, as Python's logging.config.dictConfig takes it"
	root["required"] = []string{"version"}
	properties := root["properties"].(object)
	properties["version"].(object)["enum"] = []any{1}
	for name, schema := range map[string]object{
		"formatters": mapping(formatterKeys), "filters": mapping(filterKeys), "handlers": handler, "loggers": mapping(loggerKeys),
	} {
		properties[name].(object)["additionalProperties"] = object{"$ref": "#/$defs/" + strings.TrimSuffix(name, "s")}
		if root["$defs"] == nil {
			root["$defs"] = object{}
		}
		root["$defs"].(object)[strings.TrimSuffix(name, "s")] = schema
	}
	properties["root"] = object{"$ref": "#/$defs/logger", "description": lookUp(documentKeys, "root").doc}
	out, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic("logconfig: the schema cannot be written: " + err.Error()) // it has texts and lists only
	}
	return append(out, '\n')
}

// mapping is the schema of a mapping with these keys.
func mapping(table []key) object {
	properties := object{}
	for _, k := range table {
		if k.refuse != "" {
			properties[k.name] = object{"type": "null", "description": "Not here: " + k.refuse + "."}
			continue
		}
		for _, name := range append([]string{k.name}, k.also...) {
			properties[name] = k.schema(name)
		}
	}
	return object{
		"type": []string{"object", "null"}, "properties": properties,
		"patternProperties": object{"^x-": true}, "additionalProperties": false,
	}
}

// handlerSchemas say which keys a handler of each class has.
func handlerSchemas() (all []any) {
	for _, c := range classes {
		names := object{"enum": c.names}
		then := mapping(append(slices.Clone(handlerKeys), c.keys...))
		delete(then, "type")
		then["description"] = c.doc
		all = append(all, object{
			"if": object{"anyOf": []any{
				object{"required": []string{"class"}, "properties": object{"class": names}},
				object{"required": []string{"()"}, "properties": object{"()": names}},
			}},
			"then": then,
		})
	}
	return all
}

func classSchema() object {
	return object{"enum": classNames(), "description": "What the handler is."}
}

// schema is the schema of a key's value.
func (k *key) schema(name string) object {
	s := object{"description": k.doc}
	if name != k.name {
		s["description"] = "The same as " + k.name + "."
	}
	if k.inner != nil {
		s["anyOf"] = []any{mapping(k.inner), object{"type": []string{"boolean", "null"}}}
		if k.want == wantMap {
			s["anyOf"] = []any{mapping(k.inner)}
		}
		return s
	}
	switch k.want {
	case wantText:
		s["type"] = []string{"string", "null"}
	case wantWord:
		s["type"] = []string{"string", "integer", "null"}
	case wantNumber:
		s["type"] = []string{"integer", "null"}
	case wantBool:
		s["type"] = []string{"boolean", "null"}
	case wantSize:
		s["type"], s["pattern"] = []string{"integer", "string", "null"}, "^[0-9]+ *([KMG]i|[kKMG])?B$"
	case wantDuration:
		s["type"], s["pattern"] = []string{"number", "string", "null"}, "^-?([0-9.]+(ns|us|µs|ms|s|m|h))+$|^0$"
	case wantLevel:
		s["anyOf"] = []any{object{"enum": anyCase(sortedKeys(pythonLevels))}, object{"type": []string{"integer", "null"}}, object{"type": "string", "pattern": "^[A-Za-z]+[+-][0-9]+$"}}
	case wantChoice:
		s["enum"] = append(anyCase(k.choices), nil)
	case wantNames:
		s["type"], s["items"] = []string{"array", "string", "null"}, object{"type": []string{"string", "integer"}}
	case wantTags:
		s["type"], s["additionalProperties"] = []string{"object", "null"}, object{"type": []string{"string", "number", "boolean", "null"}}
	case wantAddress:
		s["type"], s["items"] = []string{"array", "string", "null"}, object{"type": []string{"string", "integer"}}
	case wantMap:
		s["type"] = []string{"object", "null"}
	}
	return s
}

// anyCase returns words in lower and in upper case.
func anyCase(words []string) (all []any) {
	for _, w := range words {
		lower, upper := strings.ToLower(w), strings.ToUpper(w)
		all = append(all, lower)
		if upper != lower {
			all = append(all, upper)
		}
	}
	return all
}
