package watchtower_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// endings are programs that end without a deferred Close. Each runs in a child
// process of this test binary.
var endings = map[string]func(h *watchtower.Handler){
	"panic": func(h *watchtower.Handler) {
		defer watchtower.FlushOnPanic(h, time.Minute)
		panic("out of luck")
	},
	"exit": func(h *watchtower.Handler) { watchtower.Exit(h, 3, time.Minute) },
	"signal": func(h *watchtower.Handler) {
		watchtower.FlushOnSignal(h, time.Minute, &watchtower.SignalOptions{Reraise: true})
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

// child runs one of the endings, if this process was started for that.
func child() {
	end := endings[os.Getenv("WATCHTOWER_TEST_ENDING")]
	if end == nil {
		return
	}
	h, err := watchtower.New(context.Background(), group, &watchtower.Options{
		EndpointURL: os.Getenv("WATCHTOWER_TEST_URL"), LogStreamName: "s", FlushInterval: time.Hour,
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
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "WATCHTOWER_TEST_ENDING="+c.ending, "WATCHTOWER_TEST_URL="+s.URL(),
				"AWS_ACCESS_KEY_ID=k", "AWS_SECRET_ACCESS_KEY=s", "AWS_REGION=us-east-1")
			var stderr strings.Builder
			cmd.Stderr = &stderr
			exit, ok := errors.AsType[*exec.ExitError](cmd.Run())
			if !ok || exit.ExitCode() != c.code || !strings.Contains(stderr.String(), c.stderr) {
				t.Errorf("the program ended with %v: %s", exit, stderr.String())
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

func TestFlushOnSignalStops(t *testing.T) {
	h, _ := open(t, watchtower.Options{})
	stop := watchtower.FlushOnSignal(h, time.Second, nil)
	stop()
	stop() // goleak sees a goroutine that goes on
}
