package examples_test

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/test/fakelambda"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// The function runs in an environment that is frozen between invocations and killed
// in the end.
func TestLambdaExampleStoresWhatItLogs(t *testing.T) {
	t.Parallel()
	if output, err := build(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	command := exec.Command(filepath.Join(programs, "lambda"))
	e := &example{Cmd: command, logs: watchtowertest.NewServer(t)}
	command.Env = e.environment()
	env := fakelambda.Start(t, command, nil)
	sold := env.Invoke(`{"id":1,"cents":250}`, 10*time.Second)
	refused := env.Invoke(`{"id":2,"cents":0}`, 10*time.Second)
	env.Kill()
	if sold.Failed || sold.Response != `"thank you"` || !refused.Failed {
		t.Errorf("%+v\n%+v\n%s", sold, refused, env.Output())
	}
	attrs := func(a fakelambda.Answer, cold string) string {
		return `"requestId":"` + a.RequestID + `","functionArn":"arn:aws:lambda:us-east-1:123456789012:function:orders",` +
			`"xrayTraceId":"1-5759e988-bd862e3fe1be46a994272793","coldStart":` + cold
	}
	for group, want := range map[string][]string{
		"shop": {
			`{"level":"INFO","msg":"order received",` + attrs(sold, "true") + `,"id":1}`,
			`{"level":"INFO","msg":"order received",` + attrs(refused, "false") + `,"id":2}`,
			`{"level":"ERROR","msg":"the handler failed",` + attrs(refused, "false") + `,"error":"an order has a price"}`,
		},
		"shop-audit": {`{"level":"INFO","msg":"sold",` + attrs(sold, "true") + `,"id":1,"cents":250}`},
	} {
		var got []string
		for _, event := range e.logs.Events(group) {
			if event.Stream != "orders/root/"+fakelambda.LogStream {
				t.Errorf("the stream is %q", event.Stream)
			}
			got = append(got, steady(event.Message))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", group, diff)
		}
	}
}
