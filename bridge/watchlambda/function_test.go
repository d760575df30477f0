package watchlambda_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchlambda"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// newHandler makes a handler that delivers by itself only after an hour.
func newHandler(t *testing.T, logs *watchtowertest.Server, group string) *watchtower.Handler {
	t.Helper()
	h, err := watchtower.New(t.Context(), group, &watchtower.Options{
		Client: logs.Client(), FlushInterval: time.Hour, OnError: func(error) {}, ContextAttrs: watchlambda.Attrs,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close(context.Background()) })
	return h
}

func TestWrapTakesFunctionsAndHandlers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logs := watchtowertest.NewServer(t)
		h := newHandler(t, logs, "g")
		double := func(_ context.Context, n int) (int, error) {
			slog.New(h).Info("doubling")
			return 2 * n, nil
		}
		for i, handler := range []any{double, lambda.NewHandler(double), watchlambda.Wrap(h, double, nil)} {
			got, err := watchlambda.Wrap(h, handler, nil).Invoke(t.Context(), []byte("21"))
			if string(got) != "42" || err != nil {
				t.Errorf("%T answers %q, %v", handler, got, err)
			}
			if n := len(logs.Events("g")); n != i+1 {
				t.Errorf("%T: %d events are stored, want %d", handler, n, i+1)
			}
		}
		if _, err := watchlambda.Wrap(h, 7, nil).Invoke(t.Context(), nil); err == nil {
			t.Error("7 is taken for a handler")
		}
	})
}

// Lambda's managed instances have many invocations at the same time.
func TestInvocationsAtTheSameTimeHaveTheirOwnResponses(t *testing.T) {
	logs := watchtowertest.NewServer(t)
	h := newHandler(t, logs, "g")
	f := watchlambda.Wrap(h, func(_ context.Context, n int) ([]int, error) {
		slog.New(h).Info("hello")
		return slices.Repeat([]int{n}, 1000), nil
	}, nil)
	const callers, calls = 8, 25
	var all sync.WaitGroup
	for caller := range callers {
		all.Go(func() {
			n := strconv.Itoa(caller)
			want := "[" + strings.Repeat(n+",", 999) + n + "]"
			for range calls {
				if got, err := f.Invoke(t.Context(), []byte(n)); string(got) != want || err != nil {
					t.Errorf("%s is answered %.20q…, %v", n, got, err)
				}
			}
		})
	}
	all.Wait()
	if n := len(logs.Events("g")); n != callers*calls {
		t.Errorf("%d events are stored, want %d", n, callers*calls)
	}
}

func TestAlsoFlushesTheHandlersOfOtherGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logs := watchtowertest.NewServer(t)
		orders, audit := newHandler(t, logs, "orders"), newHandler(t, logs, "audit")
		f := watchlambda.Wrap(orders, func() error {
			slog.New(orders).Info("sold")
			slog.New(audit).Info("who sold it")
			return nil
		}, &watchlambda.Options{Also: []*watchtower.Handler{audit}})
		if _, err := f.Invoke(t.Context(), []byte("{}")); err != nil {
			t.Fatal(err)
		}
		if len(logs.Events("orders")) != 1 || len(logs.Events("audit")) != 1 {
			t.Errorf("stored: %v and %v", logs.Events("orders"), logs.Events("audit"))
		}
	})
}

// The time for a flush is the least of what the function has left, less the
// margin, and FlushTimeout.
func TestFlushLeavesTheMargin(t *testing.T) {
	for _, c := range []struct {
		left time.Duration // of the function's time; 0 for none
		want time.Duration
	}{
		{0, 2 * time.Second},
		{time.Minute, 2 * time.Second},
		{time.Second, 950 * time.Millisecond},
		{20 * time.Millisecond, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			logs := watchtowertest.NewServer(t)
			logs.Faults().Delay("", time.Hour, 100)
			h := newHandler(t, logs, "g")
			var told []error
			f := watchlambda.Wrap(h, func() { slog.New(h).Info("hello") },
				&watchlambda.Options{LastCall: -1, OnError: func(err error) { told = append(told, err) }})
			ctx := t.Context()
			if c.left > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, c.left)
				defer cancel()
			}
			began := time.Now()
			if _, err := f.Invoke(ctx, []byte("{}")); err != nil {
				t.Error(err)
			}
			if took := time.Since(began); took != c.want {
				t.Errorf("with %v left it took %v, want %v", c.left, took, c.want)
			}
			var pending *watchtower.PendingError
			if len(told) != 1 || !errors.As(told[0], &pending) || pending.Records != 1 || !errors.Is(pending, context.DeadlineExceeded) {
				t.Errorf("told %v", told)
			}
			if s := f.Stats(); s.Late != 1 || s.Left != 1 || s.LongestFlush != c.want || s.FlushTime != c.want {
				t.Errorf("stats %+v", s)
			}
			logs.Faults().Clear()
			ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
			defer cancel()
			_ = h.Close(ctx)
		})
	}
}

func TestPanicIsFlushedAndGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logs := watchtowertest.NewServer(t)
		h := newHandler(t, logs, "g")
		f := watchlambda.Wrap(h, func() { panic("boom") }, nil)
		func() {
			defer func() {
				if v := recover(); v != "boom" {
					t.Errorf("recovered %v", v)
				}
			}()
			_, _ = f.Invoke(t.Context(), []byte("{}"))
		}()
		fromPanic := regexp.MustCompile(`"panic":"boom","stack":"goroutine \d+ [^:]*:\\npanic\(.*TestPanicIsFlushedAndGoesOn`)
		if events := logs.Events("g"); len(events) != 1 || !fromPanic.MatchString(events[0].Message) {
			t.Errorf("stored %v", events)
		}
		if s := f.Stats(); s.Panics != 1 || s.Invocations != 1 {
			t.Errorf("stats %+v", s)
		}
	})
}

// The last call comes while the handler is at work, and not after it.
func TestLastCallIsOnlyForHandlersAtWork(t *testing.T) {
	for _, c := range []struct {
		work time.Duration
		want []string
	}{
		{10 * time.Second, []string{"begun"}},
		{59600 * time.Millisecond, []string{"begun", "the function's time is nearly up"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			logs := watchtowertest.NewServer(t)
			h := newHandler(t, logs, "g")
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			f := watchlambda.Wrap(h, func() {
				slog.New(h).Info("begun")
				time.Sleep(c.work) // of the bubble
			}, nil)
			if _, err := f.Invoke(ctx, []byte("{}")); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			var got []string
			for _, event := range logs.Events("g") {
				var r struct{ Msg string }
				if err := json.Unmarshal([]byte(event.Message), &r); err != nil {
					t.Fatal(err)
				}
				got = append(got, r.Msg)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("after %v of work %q is stored, want %q", c.work, got, c.want)
			}
		})
	}
}

func TestExtensionOutsideLambdaIsAWrapper(t *testing.T) {
	t.Setenv("AWS_LAMBDA_RUNTIME_API", "")
	logs := watchtowertest.NewServer(t)
	h := newHandler(t, logs, "g")
	var told []error
	f := watchlambda.Extension(t.Context(), h, func() { slog.New(h).Info("hello") },
		&watchlambda.Options{OnError: func(err error) { told = append(told, err) }})
	if _, err := f.Invoke(t.Context(), []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if len(told) != 1 || !strings.Contains(told[0].Error(), "AWS_LAMBDA_RUNTIME_API is not set") || len(logs.Events("g")) != 1 || f.Stats().Extension {
		t.Errorf("told %v, stored %v", told, logs.Events("g"))
	}
}
