// Package examples_test builds the programs of this directory and runs each
// against a local server, to which the environment leads them.
package examples_test

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/watchtower-go/watchtower/watchtowertest"
)

var programs string // the directory that they are built into

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "examples")
	if err != nil {
		panic(err)
	}
	programs = dir
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		os.RemoveAll(dir)
		os.Exit(code)
	}))
}

// build builds all programs, once.
var build = sync.OnceValues(func() ([]byte, error) {
	// Debugging information is half of the linker's time.
	return exec.Command("go", "build", "-ldflags=-w", "-o", programs, "./...").CombinedOutput()
})

// An example is one of the programs, under way.
type example struct {
	*exec.Cmd
	logs   *watchtowertest.Server
	stdout *bufio.Reader
	stderr strings.Builder
}

// start starts a program that logs to a server of its own.
func start(t *testing.T, name string) *example {
	t.Helper()
	if output, err := build(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	e := &example{Cmd: exec.CommandContext(ctx, filepath.Join(programs, name)), logs: watchtowertest.NewServer(t)}
	e.Env = e.environment()
	e.Stderr = &e.stderr
	stdout, err := e.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	e.stdout = bufio.NewReader(stdout)
	if err := e.Start(); err != nil {
		t.Fatal(err)
	}
	return e
}

// environment leads a program to the server.
func (e *example) environment() (env []string) {
	for _, setting := range os.Environ() {
		// Nothing that this machine has for the real AWS may interfere.
		if !strings.HasPrefix(setting, "AWS_") {
			env = append(env, setting)
		}
	}
	return append(env, "AWS_ENDPOINT_URL="+e.logs.URL(), "AWS_REGION=us-east-1",
		"AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local",
		"AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull)
}

// line returns the next line that the program prints.
func (e *example) line(t *testing.T) string {
	t.Helper()
	line, err := e.stdout.ReadString('\n')
	if err != nil {
		t.Fatalf("no line on standard output: %v\n%s", err, e.stderr.String())
	}
	return line
}

// end waits for the program to succeed, in silence on standard error, and
// returns what else it printed.
func (e *example) end(t *testing.T) string {
	t.Helper()
	rest, err := io.ReadAll(e.stdout)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Wait(); err != nil || e.stderr.Len() > 0 {
		t.Fatalf("%v; standard error: %s", err, e.stderr.String())
	}
	return string(rest)
}

// stored returns the events of a log group as "stream: message", less what is
// another in every run.
func (e *example) stored(group string) (all []string) {
	for _, event := range e.logs.Events(group) {
		all = append(all, steady(event.Stream+": "+event.Message))
	}
	return all
}

var (
	varying = regexp.MustCompile(`"time":"[^"]*",|,"duration_ms":[\d.]+|,"(?:host|remote)":"[^"]*"|\btime=\S+ |^[^:]*/\d+: `)
	date    = regexp.MustCompile(`\b\d{4}-\d\d-\d\d\b`)
)

// steady takes out times and the names of streams that end in a process id, as
// the default's do, and makes every date that of Go's reference time.
func steady(s string) string {
	return date.ReplaceAllString(varying.ReplaceAllString(s, ""), "2006-01-02")
}

func TestExamplesStoreWhatTheyLog(t *testing.T) {
	for _, c := range []struct {
		name, stdout string
		stored       []string
	}{
		{"slog", "", []string{`{"level":"INFO","msg":"started","version":"1.4.2"}`}},
		{
			"console",
			"level=INFO msg=listening port=8080\nlevel=ERROR msg=\"payment refused\" order=17 err=\"card expired\"\n",
			[]string{
				`{"level":"DEBUG","msg":"configuration read","file":"shop.yaml","keys":14}`,
				`{"level":"INFO","msg":"listening","port":8080}`,
				`{"level":"ERROR","msg":"payment refused","order":17,"err":"card expired"}`,
			},
		},
		{"stdlog", "", []string{"main.go:23: started", "main.go:24: 12 invoices sent"}},
		{
			"zap",
			"INFO\tstarted\t{\"version\": \"1.4.2\"}\n" +
				"ERROR\trefused\t{\"order\": 17, \"payment\": {\"error\": \"card expired\", \"tried\": [\"visa\", \"amex\"]}}\n",
			[]string{
				`{"level":"INFO","msg":"started","version":"1.4.2"}`,
				`{"level":"ERROR","msg":"refused","order":17,"payment":{"error":"card expired","tried":["visa","amex"]}}`,
			},
		},
		{
			"zerolog",
			"INF started version=1.4.2\nERR refused error=\"card expired\" order=17 tried=[\"visa\",\"amex\"]\n",
			[]string{
				`{"level":"info","version":"1.4.2","message":"started"}`,
				`{"level":"error","order":17,"error":"card expired","tried":["visa","amex"],"message":"refused"}`,
			},
		},
		{
			"logrus",
			"level=info msg=started version=1.4.2\nlevel=error msg=refused error=\"card expired\" order=17 tried=\"[visa amex]\"\n",
			[]string{
				`{"level":"INFO","msg":"started","version":"1.4.2"}`,
				`{"level":"ERROR","msg":"refused","error":"card expired","order":17,"tried":["visa","amex"]}`,
			},
		},
		{
			"hclog",
			"[INFO]  started: version=1.4.2\n[ERROR] refused: order=17 error=\"card expired\" tried=[\"visa\", \"amex\"]\n",
			[]string{
				`{"level":"INFO","msg":"started","version":"1.4.2"}`,
				`{"level":"ERROR","msg":"refused","order":17,"error":"card expired","tried":["visa","amex"]}`,
			},
		},
		{"logr", "", []string{
			`{"level":"INFO","msg":"started","version":"1.4.2"}`,
			`{"level":"DEBUG+3","msg":"payment tried","order":17,"logger":"orders","cards":["visa","amex"]}`,
			`{"level":"ERROR","msg":"refused","order":17,"logger":"orders","err":"card expired"}`,
		}},
		{"daily", "", []string{
			`2006-01-02/blue: {"level":"INFO","msg":"report made","tenant":"blue","pages":3}`,
			`2006-01-02/blue: {"level":"INFO","msg":"report sent","tenant":"blue"}`,
			`2006-01-02/none: {"level":"INFO","msg":"all done"}`,
			`2006-01-02/red: {"level":"INFO","msg":"report made","tenant":"red","pages":3}`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := start(t, c.name)
			if diff := cmp.Diff(c.stdout, steady(e.end(t))); diff != "" {
				t.Errorf("standard output (-want +got):\n%s", diff)
			}
			got := e.stored(group(c.name))
			if c.name == "daily" {
				slices.Sort(got) // streams of one millisecond have no order
			}
			if diff := cmp.Diff(c.stored, got); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
		})
	}
}

// group is the log group of a program: its name, except for the first program
// that a reader sees.
func group(name string) string {
	if name == "slog" {
		return "my-app"
	}
	return name
}
