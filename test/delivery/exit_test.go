package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// endings are programs that end without a deferred Close. Each runs in a child
// process of this test binary.
var endings = map[string]func(h *watchtower.Handler){
	"panic": func(h *watchtower.Handler) {
		defer watchtower.FlushOnPanic(h, budget())
		panic("out of luck")
	},
	"exit": func(h *watchtower.Handler) { watchtower.Exit(h, 3, budget()) },
	"signal": func(h *watchtower.Handler) {
		watchtower.FlushOnSignal(h, budget(), &watchtower.SignalOptions{Reraise: true})
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Signal(syscall.SIGTERM)
		}
		if err != nil {
			panic(err)
		}
		select {}
	},
}

// budget is a minute, unless the parent says otherwise.
func budget() time.Duration {
	if d, err := time.ParseDuration(os.Getenv("WATCHTOWER_TEST_BUDGET")); err == nil {
		return d
	}
	return time.Minute
}

// child runs one of the endings, if this process was started for that.
func child() {
	end := endings[os.Getenv("WATCHTOWER_TEST_ENDING")]
	if end == nil {
		return
	}
	h, err := watchtower.New(context.Background(), group, &watchtower.Options{
		EndpointURL: os.Getenv("WATCHTOWER_TEST_URL"), LogStreamName: "s", FlushInterval: time.Hour,
		SpoolDir: os.Getenv("WATCHTOWER_TEST_SPOOL"), Fallback: watchtower.WriteTo(os.Stderr),
	})
	if err != nil {
		panic(err)
	}
	slog.New(h).Info("last words")
	end(h)
}

func TestNothingIsLostHoweverTheProgramEnds(t *testing.T) {
	for _, c := range []struct {
		ending string
		events int
		stderr string
		code   int // of the exit; -1 by a signal
	}{
		{"panic", 2, "panic: out of luck", 2},
		{"exit", 1, "", 3},
		{"signal", 1, "", -1},
	} {
		if c.ending == "signal" && runtime.GOOS == "windows" {
			continue // no process can send itself SIGTERM there
		}
		t.Run(c.ending, func(t *testing.T) {
			s := watchtowertest.NewServer(t)
			code, stderr := ending(t, c.ending, s.URL())
			if code != c.code || !strings.Contains(stderr, c.stderr) {
				t.Errorf("the program ended with %d: %s", code, stderr)
			}
			all := messages(s)
			if len(all) != c.events || !strings.Contains(all[0], "last words") {
				t.Errorf("stored: %q", all)
			}
			if c.ending == "panic" && !strings.Contains(all[1], "exit_test.go") {
				t.Errorf("no stack: %q", all[1])
			}
		})
	}
}

// ending runs a child with one of the endings. It returns the code of its exit
// and its standard error.
func ending(t *testing.T, name, url string, env ...string) (code int, stderr string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "WATCHTOWER_TEST_ENDING="+name, "WATCHTOWER_TEST_URL="+url,
		"AWS_ACCESS_KEY_ID=k", "AWS_SECRET_ACCESS_KEY=s", "AWS_REGION=us-east-1")
	cmd.Env = append(cmd.Env, env...)
	var text strings.Builder
	cmd.Stderr = &text
	exit, ok := errors.AsType[*exec.ExitError](cmd.Run())
	if !ok {
		t.Fatalf("the program ended as if nothing had happened: %s", text.String())
	}
	return exit.ExitCode(), text.String()
}

// In an outage the budget ends first: what is left goes where Close puts it.
func TestNothingVanishesInAnOutageHoweverTheProgramEnds(t *testing.T) {
	for name, records := range map[string]int{"panic": 2, "exit": 1, "signal": 1} {
		if name == "signal" && runtime.GOOS == "windows" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			down := watchtowertest.NewServer(t)
			down.Faults().Fail("", 503, -1)
			const soon = "WATCHTOWER_TEST_BUDGET=100ms"
			_, stderr := ending(t, name, down.URL(), soon)
			told := fmt.Sprintf("watchtower: %d of %d record", records, records)
			if !strings.Contains(stderr, `"msg":"last words"`) || !strings.Contains(stderr, told) {
				t.Errorf("neither handed to Fallback nor told: %s", stderr)
			}

			dir := t.TempDir()
			if _, stderr = ending(t, name, down.URL(), soon, "WATCHTOWER_TEST_SPOOL="+dir); strings.Contains(stderr, "last words") {
				t.Errorf("lost, with a spool: %s", stderr)
			}
			h, s := open(t, watchtower.Options{SpoolDir: dir})
			flush(t, h)
			if all := messages(s); len(all) != records || !strings.Contains(all[0], "last words") {
				t.Errorf("the next process delivers %q, want %d records", all, records)
			}
		})
	}
}

func TestFlushOnPanicKeepsToItsBudget(t *testing.T) {
	for name, opts := range map[string]watchtower.Options{
		"Sync":  {Sync: true},
		"Block": {WhenFull: watchtower.Block, QueueBytes: small, ErrorReserve: -1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				opts.OnError = func(error) {}
				h, s := open(t, opts)
				s.Faults().Fail("", 503, -1)
				for full := opts.Sync; !full; { // fill the queue
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
					full = h.Put(ctx, watchtower.Event{Message: strings.Repeat("x", 1000)}) != nil
					cancel()
				}
				begin, ended := time.Now(), make(chan struct{})
				go func() {
					defer close(ended)
					defer func() { _ = recover() }()
					defer watchtower.FlushOnPanic(h, 5*time.Second)
					panic("out of luck")
				}()
				select {
				case <-ended:
				case <-time.After(time.Hour):
				}
				if d := time.Since(begin); d > 6*time.Second {
					t.Errorf("the panic was held up for %v, the budget is 5s", d)
				}
				s.Faults().Clear()
				<-ended
			})
		})
	}
}
