package batch

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// entityOf returns the entity of a body, as the service would read it.
func entityOf(t *testing.T, body []byte) *cwl.Entity {
	t.Helper()
	var r struct {
		LogGroupName, LogStreamName string
		Entity                      *cwl.Entity
		LogEvents                   []json.RawMessage
	}
	if err := json.Unmarshal(body, &r); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	if r.LogGroupName != "g" || r.LogStreamName != "s" || len(r.LogEvents) == 0 {
		t.Errorf("body %s", body)
	}
	return r.Entity
}

func TestEveryBodyHasTheEntity(t *testing.T) {
	entity := cwl.Entity{
		KeyAttributes: map[string]string{"Type": "Service", "Name": "shop \"é\"\n<&>", "Environment": "prod"},
		Attributes:    map[string]string{"PlatformType": "AWS::EC2"},
	}
	mem := func() Memory { return Memory{} }
	b := New(To("g", entity), "s", service, Memory{})
	for i := range 9 {
		b.Add(event(int64(9-i), "m"), time.Time{}) // unsorted: the body is written anew
	}
	rest := b.CutLast(mem)
	b.Seal()
	earlier, later := b.Halve(mem)
	rest.Seal()
	for name, b := range map[string]*Batch{"whole": b, "cut off": rest, "earlier half": earlier, "later half": later} {
		if diff := cmp.Diff(&entity, entityOf(t, b.Body())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if !earlier.Absorb(later, service) {
		t.Fatal("the halves do not fit together")
	}
	if diff := cmp.Diff(&entity, entityOf(t, earlier.Body())); diff != "" {
		t.Errorf("together (-want +got):\n%s", diff)
	}
}

func TestNoEntityLeavesNoTraceInTheBody(t *testing.T) {
	b := New(To("g", cwl.Entity{}), "s", service, Memory{})
	b.Add(event(1, "m"), time.Time{})
	b.Seal()
	if got, want := string(b.Body()[:b.head]), `{"logGroupName":"g","logStreamName":"s","logEvents":[`; got != want {
		t.Errorf("head %s, want %s", got, want)
	}
}

func TestNamesAreReadAsTheyAre(t *testing.T) {
	for _, name := range []string{
		"s", "", "app/2026/11/27[$LATEST]", "<a&b>", `quote "`, `backslash \n`, "line\nfeed", "\x00\x1f", "delete\x7f", "ü €", "\U0001f642", "\u2028", "not UTF-8 \xff",
	} {
		b := New(To(name, cwl.Entity{}), name, service, Memory{})
		b.Add(event(1, "m"), time.Time{})
		b.Seal()
		var r struct{ LogGroupName, LogStreamName string }
		want := strings.ToValidUTF8(name, "\ufffd")
		if err := json.Unmarshal(b.Body(), &r); err != nil || r.LogGroupName != want || r.LogStreamName != want || !utf8.Valid(b.Body()) {
			t.Errorf("%q: group %q, stream %q in %q (%v)", name, r.LogGroupName, r.LogStreamName, b.Body(), err)
		}
	}
}
