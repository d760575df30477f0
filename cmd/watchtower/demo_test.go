package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/watchtower-go/watchtower/internal/term"
)

// A delivery that cannot succeed is not waited for: a new user would think
// that the program hangs.
func TestADemoWithoutPermissionEndsAtOnce(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"__type":"AccessDeniedException","message":"no"}`)
	}))
	defer server.Close()
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	screen := term.NewScreen(out)
	d := &demoCmd{AWS: true, Group: "app"}
	show := &demoShow{
		console: &console{out: screen, err: screen}, cmd: d,
		stage: &stage{connection: connectLocal(server.URL, http.DefaultTransport)},
	}
	start := time.Now()
	_, err = d.log(t.Context(), show)
	if took := time.Since(start); took > demoPatience/2 {
		t.Errorf("it took %s", took)
	}
	got := reported(t, err)
	for _, want := range []string{`watchtower: access to log group "app" is denied`, "hint: the identity needs the IAM action logs:"} {
		if !strings.Contains(got, want) {
			t.Errorf("it says:\n%s\nand not: %s", got, want)
		}
	}
}

// A local server shows what it stored at once: there is nothing to wait for.
func TestALocalReadbackIsExact(t *testing.T) {
	stage, err := openLocal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	group, stream := "g", "s"
	_, groupErr := stage.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &group})
	_, streamErr := stage.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &group, LogStreamName: &stream})
	_, putErr := stage.PutLogEvents(t.Context(), &cloudwatchlogs.PutLogEventsInput{
		LogGroupName: &group, LogStreamName: &stream,
		LogEvents: []types.InputLogEvent{{Timestamp: new(time.Now().UnixMilli()), Message: new("{}")}},
	})
	if err := errors.Join(groupErr, streamErr, putErr); err != nil {
		t.Fatal(err)
	}
	for want, ok := range map[int64]bool{0: false, 1: true, 2: false} {
		_, err := readAll(t.Context(), stage.connection, group, []string{stream}, time.Now().Add(-time.Minute), want)
		if (err == nil) != ok || err != nil && !errors.Is(err, errPartly) {
			t.Errorf("one event, %d delivered: %v", want, err)
		}
	}
	if err := stage.close(); err != nil {
		t.Error(err)
	}
}

// The check of what was read back must not be content with anything.
func TestAReadbackSeesWhatIsWrong(t *testing.T) {
	const ok = `{"worker":0,"n":0}`
	for name, c := range map[string]struct {
		at       []int64
		messages []string
		wrong    bool
	}{
		"in order":       {[]int64{1, 1, 2}, []string{ok, `{"worker":1,"n":0}`, `{"worker":0,"n":1}`}, false},
		"other records":  {[]int64{1, 2}, []string{`{"msg":"starting"}`, ok}, false},
		"time goes back": {[]int64{2, 1}, []string{ok, `{"worker":0,"n":1}`}, true},
		"twice":          {[]int64{1, 1}, []string{ok, ok}, true},
		"missing":        {[]int64{1, 1}, []string{ok, `{"worker":0,"n":2}`}, true},
		"swapped":        {[]int64{1, 1}, []string{`{"worker":0,"n":1}`, ok}, true},
		"not JSON":       {[]int64{1}, []string{`{"worker":`}, true},
		"nobody's":       {[]int64{1}, []string{`{"worker":99,"n":0}`}, true},
		"negative":       {[]int64{1}, []string{`{"worker":-1,"n":0}`}, true},
	} {
		var r readback
		var err error
		for i := range c.messages {
			if err == nil {
				err = r.check(&types.OutputLogEvent{Timestamp: &c.at[i], Message: &c.messages[i]})
			}
		}
		if (err != nil) != c.wrong {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDurationsHaveTheDigitsThatMatter(t *testing.T) {
	for d, want := range map[time.Duration]string{
		1234567 * time.Nanosecond:  "1.23ms",
		12345678 * time.Nanosecond: "12.3ms",
		123456 * time.Microsecond:  "123ms",
		3456 * time.Millisecond:    "3.46s",
		7:                          "7ns",
		0:                          "0s",
	} {
		if got := rounded(d); got != want {
			t.Errorf("rounded(%d) = %s, want %s", d, got, want)
		}
	}
}

func TestWordsOfAShellAreQuoted(t *testing.T) {
	for text, want := range map[string]string{
		"watchtower-demo": "watchtower-demo", "/a/b_c.d": "/a/b_c.d",
		"#group": "'#group'", "my profile": "'my profile'", "it's": `'it'\''s'`, "": "''",
	} {
		if got := quoted(text); got != want {
			t.Errorf("quoted(%q) = %s, want %s", text, got, want)
		}
	}
}
