package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"watchtower": main, "leaver": leaveMain})
}

// TestScripts runs the specification of the command line, testdata/*.txtar:
// the real binary against real servers on the loopback address.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               withoutAWS,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":     exits,
			"start":     start,
			"interrupt": interrupt,
			"put":       put,
			"lines":     lines,
			"faults":    faults,
			"leave":     leave,
			"cut":       cut,
			"disown":    disown,
		},
	})
}

// isolation is what withoutAWS sets.
var isolation = []string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_EC2_METADATA_DISABLED", "GORACE"}

// withoutAWS prepares a script: whatever configuration of AWS this machine
// has is kept away from it.
func withoutAWS(env *testscript.Env) error {
	env.Setenv("AWS_CONFIG_FILE", env.WorkDir+"/no-config")
	env.Setenv("AWS_SHARED_CREDENTIALS_FILE", env.WorkDir+"/no-credentials")
	env.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	// A program under the race detector sleeps for a second at its end.
	env.Setenv("GORACE", "atexit_sleep_ms=0")
	env.Values[started{}] = new(started)
	return nil
}

// exits CODE PROGRAM ARGS… runs a program that ends with an exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS…")
	}
	code := "0"
	err := ts.Exec(args[1], args[2:]...)
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		code = strconv.Itoa(e.ExitCode())
	} else {
		ts.Check(err)
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s", code, args[0])
	}
}

// A started is the process that start started last in a script. Scripts run in
// parallel: each has one of its own.
type started struct{ cmd *exec.Cmd }

// start REGEXP ARGS… runs watchtower in the background until a line of its
// output matches. The first address in that output becomes $URL, the standard
// error goes to the file started.err.
func start(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: start REGEXP ARGS…")
	}
	cmd := exec.Command("watchtower", args[1:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = os.Environ()
	for _, name := range isolation {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	stderr, err := os.Create(ts.MkAbs("started.err"))
	ts.Check(err)
	cmd.Stderr = stderr
	stdout, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ts.Check(stderr.Close())
	ts.Value(started{}).(*started).cmd = cmd
	ts.Defer(func() {
		_ = cmd.Process.Kill() // has ended, after interrupt
		_ = cmd.Wait()
	})
	ready, address := regexp.MustCompile(args[0]), regexp.MustCompile(`http://[0-9.:]+[0-9]`)
	url := ""
	for output := bufio.NewScanner(stdout); output.Scan(); {
		if url == "" {
			url = address.FindString(output.Text())
		}
		if ready.MatchString(output.Text()) {
			ts.Setenv("URL", url)
			return
		}
	}
	ts.Fatalf("%s ended early:\n%s", cmd, ts.ReadFile("started.err"))
}

// interrupt sends SIGINT to what start started and expects it to end well.
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	cmd := ts.Value(started{}).(*started).cmd
	if neg || len(args) > 0 || cmd == nil {
		ts.Fatalf("usage: interrupt, after start")
	}
	ts.Check(cmd.Process.Signal(os.Interrupt))
	ts.Check(cmd.Wait())
}

// put GROUP STREAM FILE puts a file's lines, "TIME MESSAGE" with the time in
// milliseconds before now, at $URL. Group and stream are created.
func put(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: put GROUP STREAM FILE")
	}
	url := ts.Getenv("URL")
	c := cloudwatchlogs.New(cloudwatchlogs.Options{
		BaseEndpoint: &url, Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""),
	})
	now := time.Now().UnixMilli()
	var events []types.InputLogEvent
	for line := range strings.Lines(ts.ReadFile(args[2])) {
		age, message, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		ms, err := strconv.ParseInt(age, 10, 64)
		ts.Check(err)
		// A script cannot hold control characters: they are written as in Go.
		if text, err := strconv.Unquote(message); err == nil {
			message = text
		}
		events = append(events, types.InputLogEvent{Timestamp: new(now - ms), Message: &message})
	}
	ctx := context.Background()
	_, err := c.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &args[0]})
	if _, exists := errors.AsType[*types.ResourceAlreadyExistsException](err); !exists {
		ts.Check(err)
	}
	_, err = c.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &args[0], LogStreamName: &args[1]})
	if _, exists := errors.AsType[*types.ResourceAlreadyExistsException](err); !exists {
		ts.Check(err)
	}
	if len(events) == 0 {
		return // the group and the stream are there, and empty
	}
	_, err = c.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{LogGroupName: &args[0], LogStreamName: &args[1], LogEvents: events})
	ts.Check(err)
}

// faults METHOD [JSON] asks for, sets or clears the faults of the server at
// $URL. The answer, its status in front, goes to the file faults.out.
func faults(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: faults METHOD [JSON]")
	}
	body := strings.Join(args[1:], "")
	r, err := http.NewRequest(args[0], ts.Getenv("URL")+"/_watchtower/faults", strings.NewReader(body))
	ts.Check(err)
	r.Header.Set("X-Watchtower-Faults", "1")
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	ts.Check(err)
	text, err := io.ReadAll(answer.Body)
	ts.Check(errors.Join(err, answer.Body.Close()))
	ts.Check(os.WriteFile(ts.MkAbs("faults.out"), fmt.Appendf(nil, "%d %s", answer.StatusCode, text), 0o600))
}

// lines FILE N expects a number of lines.
func lines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: lines FILE N")
	}
	if n := strings.Count(ts.ReadFile(args[0]), "\n"); strconv.Itoa(n) != args[1] {
		ts.Fatalf("%s has %d lines, want %s", args[0], n, args[1])
	}
}
