//go:build e2e && unix

package e2e

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// Each client, unmodified, has the same conversation with `watchtower local`.

func TestAWSCLI(t *testing.T)        { converse(t, "AWSCLI") }
func TestBoto3(t *testing.T)         { converse(t, "Boto3") }
func TestJavaScriptSDK(t *testing.T) { converse(t, "JavaScriptSDK") }
func TestGoSDK(t *testing.T)         { converse(t, "GoSDK") }

// converse runs the chapters in their order; each builds on those before it.
func converse(t *testing.T, name string) {
	s := startServer(t, "127.0.0.1:0", "--data", t.TempDir())
	c := &conversation{
		client: clients[name](t, s.URL),
		group:  "/e2e/" + name,
		// An hour ago: away from every limit on age.
		start: time.Now().Add(-time.Hour).UnixMilli(),
		// Debian's awscli and boto3 are older than August 2024.
		entities: name == "JavaScriptSDK" || name == "GoSDK",
	}
	for _, chapter := range []struct {
		claim string
		run   func(*conversation, *testing.T)
	}{
		{"groups and streams are created once", (*conversation).create},
		{"events are put", (*conversation).put},
		{"puts that break a rule are refused", (*conversation).refusePuts},
		{"entities are checked", (*conversation).putEntities},
		{"events are read page by page", (*conversation).get},
		{"reads that break a rule are refused", (*conversation).refuseReads},
		{"events are filtered", (*conversation).filter},
		{"groups are described", (*conversation).describeGroups},
		{"streams are described", (*conversation).describeStreams},
		{"retention is set and deleted", (*conversation).retain},
		{"tags are set, listed and removed", (*conversation).tag},
		{"streams and groups are deleted", (*conversation).delete},
	} {
		if !t.Run(chapter.claim, func(t *testing.T) { chapter.run(c, t) }) {
			break
		}
	}
	s.Stop(t)
	t.Logf("%d calls", c.calls)
}

// A conversation is one client with one group of its own.
type conversation struct {
	client caller
	group  string
	start  int64 // timestamp of the first event, ms since 1970
	calls  int
	// entities: the client knows of entities.
	entities bool
}

// The streams: one name has what a name may have.
const (
	mixedStream = "web/1 äöü 世界 [$LATEST]#"
	pagedStream = "web/2"
	emptyStream = "worker"
)

// ok makes a call that must succeed, and returns its only page.
func (c *conversation) ok(t *testing.T, op string, in object) object {
	t.Helper()
	c.calls++
	out, err := c.client.call(op, in, false)
	if err != nil {
		t.Fatalf("%s: %v", op, err)
	}
	if len(out) != 1 {
		t.Fatalf("%s: %d pages", op, len(out))
	}
	return out[0]
}

// all makes the calls that the client's own paginator makes.
func (c *conversation) all(t *testing.T, op string, in object) []object {
	t.Helper()
	c.calls++
	out, err := c.client.call(op, in, true)
	if err != nil {
		t.Fatalf("%s, paged: %v", op, err)
	}
	return out
}

// refused makes a call that the service must refuse. An empty message stands
// for any: the exact ones are those that were recorded of the real service.
func (c *conversation) refused(t *testing.T, op string, in object, code, message string) {
	t.Helper()
	c.calls++
	_, err := c.client.call(op, in, false)
	refusal, ok := errors.AsType[*answeredError](err)
	switch {
	case !ok:
		t.Errorf("%s %.200v: got %v, want %s", op, in, err, code)
	case refusal.Message == "":
		t.Errorf("%s: %s has no message", op, refusal.Code)
	case message == "":
		same(t, op, refusal.Code, code)
	default:
		same(t, op, []string{refusal.Code, refusal.Message}, []string{code, message})
	}
}

// with adds the group to an input.
func (c *conversation) with(in object) object {
	in["logGroupName"] = c.group
	return in
}

// event is one event as a client reads it, without what differs each time.
func (c *conversation) event(n int, message string) object {
	return object{"timestamp": c.start + int64(n)*1000, "message": message}
}

// mixed are the messages that a careless encoder on either side would change.
func (c *conversation) mixed() []object {
	var events []object
	for i, message := range []string{
		"a plain needle",
		"Grüße, 世界, Привет, नमस्ते, שלום",
		"emoji 🎉, a family 👩‍👩‍👧‍👦, a flag 🇩🇪 and an astral letter 𝔘",
		`quotes " and ', a backslash \ and \n, <b>&amp;</b>`,
		"two lines\nand\r\nmore,\ta tab",
		`{"level":"INFO","msg":"needle \"quoted\"","n":1.50,"nested":{"a":[1,null,true]}}`,
		"colour \x1b[31mred\x1b[0m, bell \a, backspace \b, form feed \f, delete \x7f",
		"separators \u2028 and \u2029, a byte order mark \ufeff, a replacement \ufffd",
		"  blanks before and after  ",
		strings.Repeat("256 KiB. é. 😀. ", 13_796) + "the end of the event", // 262,144 bytes
	} {
		events = append(events, c.event(i, message))
	}
	return events
}

// numbered are the events of the paged stream. Five share each timestamp.
func (c *conversation) numbered() []object {
	var events []object
	for i := range 25 {
		events = append(events, c.event(100+i/5, fmt.Sprintf("number %d", i)))
	}
	return events
}
