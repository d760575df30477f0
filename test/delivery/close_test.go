package delivery_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

func TestEachCloseHonoursItsOwnContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s := open(t, watchtower.Options{OnError: func(error) {}})
		s.Faults().Fail("PutLogEvents", 503, -1)
		slog.New(h).Info("m")
		var first sync.WaitGroup
		first.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
			defer cancel()
			h.Close(ctx)
		})
		synctest.Wait()
		start := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if err := h.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the second Close: %v", err)
		}
		if d := time.Since(start); d != time.Second {
			t.Errorf("the second Close took %v, but had a second", d)
		}
		s.Faults().Clear()
		first.Wait()
		if st := h.Stats(); st.Delivered != 1 {
			t.Errorf("the second Close cut the first one short: %+v", st)
		}
	})
}

func TestCloseWithNothingLeftIsNilEvenIfItsTimeIsUp(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for range 50 { // what a select chooses is random
		h, _ := open(t, watchtower.Options{})
		slog.New(h).Info("m")
		flush(t, h)
		if err := h.Close(ctx); err != nil {
			t.Fatalf("every record is settled, but: %v", err)
		}
	}
}

func TestOnErrorMayLogToTheHandlerItWatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h *watchtower.Handler
		var calls int
		h, _ = open(t, watchtower.Options{OnError: func(err error) {
			if calls++; calls < 1000 { // else this test would never end
				slog.New(h).Error("lost", "err", err)
			}
		}})
		if err := h.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		slog.New(h).Info("late")
		<-time.After(time.Minute)
		slog.New(h).Info("later")
		synctest.Wait()
		if calls != 2 {
			t.Errorf("OnError was called %d times for two late records, a minute apart", calls)
		}
	})
}

func TestLossesOfCloseAreAllToldWhenItReturns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told int64
		h, s := open(t, watchtower.Options{OnError: func(err error) {
			if d, ok := errors.AsType[*watchtower.DropError](err); ok {
				told += d.Events
			}
		}})
		s.Faults().Fail("PutLogEvents", 503, -1)
		for range 5 {
			slog.New(h).Info("m")
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := h.Close(ctx); err == nil {
			t.Error("no error although nothing was delivered")
		}
		if told != 5 {
			t.Errorf("OnError heard of %d records, want 5", told)
		}
	})
}

// A client that logs from below, with a context that does not tell where it
// comes from, waits for itself in Sync mode. Close must end that.
func TestCloseEndsASyncSendThatWaitsForItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := watchtowertest.NewServer(t)
		var h *watchtower.Handler
		var once sync.Once
		client := s.Client(func(o *cloudwatchlogs.Options) {
			o.HTTPClient = &http.Client{Transport: chatty{watchtowertest.Transport(s.Handler()), func(context.Context) {
				once.Do(func() { slog.New(h).Info("sending") })
			}}}
		})
		h, err := watchtower.New(t.Context(), group, &watchtower.Options{Client: client, LogStreamName: "s", Sync: true, OnError: func(error) {}})
		if err != nil {
			t.Fatal(err)
		}
		var log sync.WaitGroup
		log.Go(func() { slog.New(h).Info("hello") })
		synctest.Wait()
		start := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		h.Close(ctx)
		if d := time.Since(start); d > 11*time.Second { // senders that are cancelled have a moment to return
			t.Errorf("Close took %v, but had ten seconds", d)
		}
		log.Wait()
		st := h.Stats()
		if balance(t, st); st.Pending != 0 {
			t.Errorf("%+v", st)
		}
	})
}

func TestPutSkipsWhatTheSendItselfLogs(t *testing.T) {
	s := watchtowertest.NewServer(t)
	var h *watchtower.Handler
	client := s.Client(func(o *cloudwatchlogs.Options) {
		o.HTTPClient = &http.Client{Transport: chatty{watchtowertest.Transport(s.Handler()), func(ctx context.Context) {
			h.Put(ctx, watchtower.Event{Message: "sending"})
		}}}
	})
	h, err := watchtower.New(t.Context(), group, &watchtower.Options{Client: client, LogStreamName: "s"})
	if err != nil {
		t.Fatal(err)
	}
	slog.New(h).Info("hello")
	flush(t, h)
	if err := h.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := messages(s); len(got) != 1 {
		t.Errorf("%d events, want the one of the program: %q", len(got), got)
	}
}
