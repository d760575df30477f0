package batch

import (
	"encoding/json"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// A Target is where batches go, and what their events are about: what bodies
// say of it is escaped once.
type Target struct {
	head string // the body up to the name of the log stream
}

// To is the target of a log group. Without key attributes there is no entity.
func To(group string, entity cwl.Entity) Target {
	head := string(appendName([]byte(`{"logGroupName":`), group))
	if len(entity.KeyAttributes) > 0 {
		e, _ := json.Marshal(entity) // maps of strings always can be marshalled
		head += `,"entity":` + string(e)
	}
	return Target{head + `,"logStreamName":`}
}

// appendHead appends the body up to its first event.
func (t Target) appendHead(dst []byte, stream string) []byte {
	dst = appendName(append(dst, t.head...), stream)
	return append(dst, `,"logEvents":[`...)
}

// appendName appends a name as a JSON string. Most stand there as they are, and
// nothing is allocated for them.
func appendName(dst []byte, name string) []byte {
	for i := range len(name) {
		if c := name[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			s, _ := json.Marshal(name) // a string always can be marshalled
			return append(dst, s...)
		}
	}
	return append(append(append(dst, '"'), name...), '"')
}
