package cwlocal

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
)

// referencePut decodes a request with encoding/json, in steps that match names
// exactly and take the last of equal members, as the service does.
func referencePut(body []byte) (group, stream string, events []store.Event, err error) {
	var members map[string]json.RawMessage
	if err = json.Unmarshal(body, &members); err != nil {
		return
	}
	for name, p := range map[string]*string{"logGroupName": &group, "logStreamName": &stream} {
		if raw, ok := members[name]; ok {
			if err = json.Unmarshal(raw, p); err != nil {
				return
			}
		}
	}
	var list []map[string]json.RawMessage
	if raw, ok := members["logEvents"]; ok {
		if err = json.Unmarshal(raw, &list); err != nil {
			return
		}
	}
	for _, members := range list {
		var e store.Event
		var message *string
		if raw, ok := members["timestamp"]; ok {
			if err = json.Unmarshal(raw, &e.Time); err != nil {
				return
			}
		}
		if raw, ok := members["message"]; ok {
			if err = json.Unmarshal(raw, &message); err != nil {
				return
			}
		}
		if message != nil {
			e.Message = []byte(*message)
		}
		events = append(events, e)
	}
	return
}

func FuzzPutDecodesLikeEncodingJSON(f *testing.F) {
	for _, seed := range []string{
		`{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":1,"message":"m"}]}`,
		`{"logEvents":[{"message":"a\"\\\u00e9\ud83d\ude00\ud800","timestamp":9223372036854775807},{"timestamp":0,"message":""}],"logGroupName":"\u0067"}`,
		`{"logEvents":null}`, `{"logEvents":[null,{}]}`, `{"logEvents":[{"timestamp":null,"message":null}]}`,
		`{"logEvents":[{"timestamp":1.5}]}`, `{"logEvents":{}}`, `{"loggroupname":"x","extra":[{"a":[]}],"entity":{}}`, `{"logEvents":[{"Message":"m"}]}`,
		`{"logEvents":[{"timestamp":1,"timestamp":2,"message":"a","message":"b"}],"logGroupName":"a","logGroupName":"b"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		// Empty and invalid text is where we differ on purpose.
		if !utf8.Valid(body) || len(body) == 0 || ambiguous(body) {
			return
		}
		group, stream, events, wantErr := referencePut(body)
		in, err := (&call{body: bytes.Clone(body)}).readPut()
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%q: error %v, encoding/json says %v", body, err, wantErr)
		}
		if err != nil {
			return
		}
		if value(in.group) != group || value(in.stream) != stream || len(in.events) != len(events) {
			t.Fatalf("%q: got %q %q and %d events, want %q %q and %d", body, value(in.group), value(in.stream), len(in.events), group, stream, len(events))
		}
		if in.absent.count == 0 {
			if diff := cmp.Diff(events, in.events, cmp.Comparer(bytes.Equal)); diff != "" && len(events) > 0 {
				t.Fatalf("%q: (-encoding/json +ours)\n%s", body, diff)
			}
		}
	})
}

// ambiguous reports whether an object of the body has equal members, of which
// the reference looks at the last only, or members that it does not know.
func ambiguous(body []byte) bool {
	d := json.NewDecoder(bytes.NewReader(body))
	var seen []map[string]bool // for each open bracket; nil for an array
	name := false              // a name comes next
	for {
		token, err := d.Token()
		if err != nil {
			return false // no JSON, or its end: both decoders see the same
		}
		top := len(seen) - 1
		switch token {
		case json.Delim('{'):
			seen, name = append(seen, map[string]bool{}), true
			continue
		case json.Delim('['):
			seen, name = append(seen, nil), false
			continue
		case json.Delim('}'), json.Delim(']'):
			seen = seen[:top]
			name = top > 0 && seen[top-1] != nil
			continue
		}
		if name {
			n := token.(string)
			if seen[top][n] || n == "entity" || n == "sequenceToken" {
				return true
			}
			seen[top][n] = true
		}
		name = top >= 0 && seen[top] != nil && !name
	}
}
