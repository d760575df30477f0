package delivery_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// nobody is a transport that reaches no service.
type nobody struct{}

func (nobody) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("nobody is there")
}

// A program has two handlers, for two log groups, and one SpoolDir: nothing says
// that it may not, and all processes may share it. What was meant for one group
// must not be delivered to the other.
func TestWhatIsLeftInASpoolGoesToItsOwnGroup(t *testing.T) {
	logs := watchtowertest.NewServer(t)
	dir := t.TempDir()
	opts := func(with ...func(*cloudwatchlogs.Options)) *watchtower.Options {
		return &watchtower.Options{
			Client: logs.Client(with...), SpoolDir: dir, Spool: watchtower.SpoolAlways,
			LogStreamName: "s", OnError: func(error) {},
		}
	}
	audit, err := watchtower.New(t.Context(), "audit", opts(func(o *cloudwatchlogs.Options) {
		o.HTTPClient = &http.Client{Transport: nobody{}}
	}))
	if err != nil {
		t.Fatal(err)
	}
	slog.New(audit).Info("alice saw the salary of bob")
	out, cancel := context.WithCancel(context.Background())
	cancel()
	audit.Close(out) // an outage: it stays on disk

	// The next start of the same program.
	app, err := watchtower.New(t.Context(), "app", opts())
	if err != nil {
		t.Fatal(err)
	}
	defer app.Close(t.Context())
	if err := app.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, e := range logs.Events("app") {
		t.Errorf("log group app has what was logged to audit: %s", e.Message)
	}
}
