package cwl

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// Limits of an entity (page Entity of the API reference). Lengths are in
// characters, the shortest is one.
const (
	MinEntityKeys            = 2
	MaxEntityKeys            = 4
	MaxEntityAttributes      = 10
	MaxEntityAttributeLength = 256 // of the name of an attribute
	MaxEntityValueLength     = 512 // of a value of either
)

// An Entity says what the events of a PutLogEvents are about, as it stands in
// the body. One without KeyAttributes is none.
type Entity struct {
	KeyAttributes map[string]string `json:"keyAttributes"`
	Attributes    map[string]string `json:"attributes,omitempty"`
}

// entityNeeds has the key attributes that each type of entity must have beside
// Type (User Guide, "How to add related information to custom telemetry").
var entityNeeds = map[string][]string{
	"Service":       {"Name", "Environment"},
	"RemoteService": {"Name"},
	"AWS::Service":  {"Name"},
	"Resource":      {"ResourceType", "Identifier"},
	"AWS::Resource": {"ResourceType", "Identifier"},
}

// ValidateEntity tells why the service would reject an entity. Of several
// attributes the first in the order of names is told.
func ValidateEntity(e Entity) error {
	if n := len(e.KeyAttributes); n < MinEntityKeys || n > MaxEntityKeys {
		return fmt.Errorf("%d key attributes: an entity has 2 to 4: give Type, Name and Environment of a service, or Type, ResourceType and Identifier of a resource", n)
	}
	for _, name := range slices.Sorted(maps.Keys(e.KeyAttributes)) {
		switch name {
		case "Type", "ResourceType", "Identifier", "Name", "Environment":
		default:
			return fmt.Errorf("key attribute %s is not known: use Type, ResourceType, Identifier, Name and Environment", quote(name))
		}
		if err := validateEntityText("value", e.KeyAttributes[name], MaxEntityValueLength); err != nil {
			return fmt.Errorf("key attribute %s: %w", name, err)
		}
	}
	kind := e.KeyAttributes["Type"]
	needs, ok := entityNeeds[kind]
	if !ok {
		return fmt.Errorf("key attribute Type is %s: use Service, RemoteService, AWS::Service, Resource or AWS::Resource", quote(kind))
	}
	for _, name := range needs {
		if e.KeyAttributes[name] == "" {
			return fmt.Errorf("key attribute %s is missing: an entity of type %s needs it", name, kind)
		}
	}
	return validateEntityAttributes(e.Attributes)
}

func validateEntityAttributes(attributes map[string]string) error {
	if n := len(attributes); n > MaxEntityAttributes {
		return fmt.Errorf("%d attributes: an entity can have at most %d: leave some out", n, MaxEntityAttributes)
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if err := validateEntityText("name", name, MaxEntityAttributeLength); err != nil {
			return fmt.Errorf("attribute %s: %w", quote(name), err)
		}
		if err := validateEntityText("value", attributes[name], MaxEntityValueLength); err != nil {
			return fmt.Errorf("attribute %s: %w", quote(name), err)
		}
	}
	return nil
}

// validateEntityText checks a name or a value; what says which it is.
func validateEntityText(what, s string, most int) error {
	if s == "" {
		return errors.New("the " + what + " is empty: leave the attribute out, or give it one")
	}
	if !utf8.ValidString(s) {
		return fmt.Errorf("the %s %s is not valid UTF-8: give it in UTF-8", what, quote(s))
	}
	if n := utf8.RuneCountInString(s); n > most {
		return fmt.Errorf("the %s has %d characters, at most %d are allowed: shorten it", what, n, most)
	}
	return nil
}
