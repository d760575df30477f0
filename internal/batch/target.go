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
	g, _ := json.Marshal(group) // a string always can be marshalled,
	head := `{"logGroupName":` + string(g)
	if len(entity.KeyAttributes) > 0 {
		e, _ := json.Marshal(entity) // and so can maps of strings
		head += `,"entity":` + string(e)
	}
	return Target{head + `,"logStreamName":`}
}

// appendHead appends the body up to its first event.
func (t Target) appendHead(dst []byte, stream string) []byte {
	s, _ := json.Marshal(stream)
	dst = append(dst, t.head...)
	dst = append(dst, s...)
	return append(dst, `,"logEvents":[`...)
}
