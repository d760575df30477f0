package cwlocal

import (
	"unicode/utf8"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
	"github.com/watchtower-go/watchtower/cwlocal/internal/wire"
)

// An entity says what the events of a put belong to (User Guide, "How to add
// related information to telemetry"). A bad one never keeps events out.
type entity struct {
	key, attributes map[string]string
}

func readEntity(d *wire.Decoder) *entity {
	e := &entity{}
	ok := d.Object(func(name []byte) {
		switch string(name) {
		case "keyAttributes":
			e.key = d.Map()
		case "attributes":
			e.attributes = d.Map()
		default:
			d.Skip()
		}
	})
	if !ok {
		return nil
	}
	return e
}

// entityTypes are the values of Type with the attributes that each must have.
var entityTypes = map[string][]string{
	"Service":       {"Name", "Environment"},
	"AWS::Service":  {"Name"},
	"RemoteService": {"Name"},
	"Resource":      {"ResourceType", "Identifier"},
	"AWS::Resource": {"ResourceType", "Identifier"},
}

// maxEntityBytes bounds an entity: the sum of all its names and values.
const maxEntityBytes = 8 << 10

// fault returns the errorType of rejectedEntityInfo, empty if all is well.
func (e *entity) fault(g *store.Group) string {
	if g.Class != "STANDARD" {
		return "UnsupportedLogGroupType"
	}
	if e.key == nil {
		return "MissingRequiredFields"
	}
	if e.bytes() > maxEntityBytes {
		return "EntitySizeTooLarge"
	}
	if len(e.key) < 2 || len(e.key) > 4 || !within(e.key, 32) {
		return "InvalidKeyAttributes"
	}
	for name := range e.key {
		switch name {
		case "Type", "ResourceType", "Identifier", "Name", "Environment":
		default:
			return "InvalidKeyAttributes"
		}
	}
	kind, ok := e.key["Type"]
	if !ok {
		return "MissingRequiredFields"
	}
	needs, ok := entityTypes[kind]
	if !ok {
		return "InvalidTypeValue"
	}
	for _, name := range needs {
		if e.key[name] == "" {
			return "MissingRequiredFields"
		}
	}
	if len(e.attributes) > 10 || !within(e.attributes, 256) {
		return "InvalidAttributes"
	}
	return ""
}

func (e *entity) bytes() (n int) {
	for _, m := range []map[string]string{e.key, e.attributes} {
		for k, v := range m {
			n += len(k) + len(v)
		}
	}
	return n
}

// within checks the lengths of names (up to most) and values (up to 512), in characters.
func within(m map[string]string, most int) bool {
	for k, v := range m {
		if k == "" || v == "" || utf8.RuneCountInString(k) > most || utf8.RuneCountInString(v) > 512 {
			return false
		}
	}
	return true
}
