package delivery_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// patience ends a test that hangs; nothing is expected to take that long.
const patience = 5 * time.Minute

func TestEachSignalFlushes(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // no process can send itself a signal there
	}
	s, sent := watchtowertest.NewServer(t), make(chan struct{}, 100)
	create(t, s, "s")
	client := s.Client(func(o *cloudwatchlogs.Options) {
		o.HTTPClient = &http.Client{Transport: chatty{watchtowertest.Transport(s.Handler()), func(context.Context) { sent <- struct{}{} }}}
	})
	h, err := watchtower.New(t.Context(), group, &watchtower.Options{Client: client, LogStreamName: "s", FlushInterval: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close(t.Context())
	defer watchtower.FlushOnSignal(h, patience, &watchtower.SignalOptions{Signals: []os.Signal{syscall.SIGHUP}})()
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		slog.New(h).Info("m")
		if err := self.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		select {
		case <-sent:
		case <-time.After(patience):
			t.Fatalf("signal %d did not flush", i+1)
		}
	}
}

func TestFlushOnSignalTellsWhatIsPendingAndLeavesTheHandlerOpen(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // no process can send itself a signal there
	}
	told := make(chan error, 10)
	h, s := open(t, watchtower.Options{OnError: func(err error) {
		if _, ok := errors.AsType[*watchtower.PendingError](err); ok {
			told <- err
		}
	}})
	s.Faults().Fail("", 503, -1)
	defer s.Faults().Clear()
	defer watchtower.FlushOnSignal(h, time.Millisecond, &watchtower.SignalOptions{Signals: []os.Signal{syscall.SIGHUP}})()
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	slog.New(h).Info("m")
	if err := self.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-told:
		if err.Error() != "1 record is still pending: context deadline exceeded" || !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Fatal("nothing was told")
	}
	s.Faults().Clear()
	slog.New(h).Info("n")
	flush(t, h)
	if all := messages(s); len(all) != 2 {
		t.Errorf("stored: %q", all)
	}
}

func TestFlushOnSignalStops(t *testing.T) {
	h, _ := open(t, watchtower.Options{})
	stop := watchtower.FlushOnSignal(h, time.Second, nil)
	stop()
	stop() // goleak sees a goroutine that goes on
}
