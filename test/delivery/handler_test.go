package delivery_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/slogtest"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"go.uber.org/goleak"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

func TestMain(m *testing.M) {
	child()
	goleak.VerifyTestMain(settling{m})
}

// settling lets goroutines that are about to end do so, on a machine that is
// slow, before goleak looks for those that do not.
type settling struct{ goleak.TestingM }

func (s settling) Run() int {
	code := s.TestingM.Run()
	for end := time.Now().Add(time.Minute); goleak.Find() != nil && time.Now().Before(end); {
	}
	return code
}

const group = "app"

// open returns a handler that delivers to a local server, and that server. The
// handler is closed at the end of the test, and its ledger must balance then.
func open(t *testing.T, opts watchtower.Options) (*watchtower.Handler, *watchtowertest.Server) {
	t.Helper()
	s := watchtowertest.NewServer(t)
	opts.Client = s.Client()
	if opts.LogStreamName == "" {
		opts.LogStreamName = "s"
	}
	if opts.OnError == nil {
		opts.OnError = logging(t)
	}
	h, err := watchtower.New(t.Context(), group, &opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		h.Close(context.Background())
		balance(t, h.Stats())
		if p := h.Stats().Pending; p != 0 {
			t.Errorf("%d records are pending after Close", p)
		}
	})
	return h, s
}

// logging is an OnError that logs for as long as the test lasts: what comes after
// Close is told by a goroutine that nobody waits for.
func logging(t *testing.T) func(error) {
	var mu sync.Mutex
	over := false
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		over = true
	})
	return func(err error) {
		mu.Lock()
		defer mu.Unlock()
		if !over {
			t.Logf("OnError: %v", err)
		}
	}
}

// balance fails the test unless the ledger balances.
func balance(t *testing.T, s watchtower.Stats) {
	if in, out := s.Accepted+s.Recovered, s.Delivered+s.Rejected+s.Dropped+s.Spooled+s.Pending; in != out {
		t.Helper() // which is dear, and balance is called very often
		t.Errorf("the ledger does not balance: %+v", s)
	}
}

// flush delivers what was logged.
func flush(t *testing.T, h *watchtower.Handler) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := h.Flush(ctx); err != nil {
		t.Fatal(err)
	}
}

// messages are the messages of the group, in the order of the service.
func messages(s *watchtowertest.Server) []string {
	var all []string
	for _, e := range s.Events(group) {
		all = append(all, e.Message)
	}
	return all
}

func TestHandlerPassesSlogtest(t *testing.T) {
	var h *watchtower.Handler
	var s *watchtowertest.Server
	slogtest.Run(t, func(t *testing.T) slog.Handler {
		h, s = open(t, watchtower.Options{})
		return h
	}, func(t *testing.T) map[string]any {
		flush(t, h)
		all := messages(s)
		if len(all) != 1 {
			t.Fatalf("%d events, want 1", len(all))
		}
		var m map[string]any
		if err := json.Unmarshal([]byte(all[0]), &m); err != nil {
			t.Fatal(err)
		}
		return m
	})
}

func TestMessageIsWhatSlogWouldWrite(t *testing.T) {
	for _, c := range []struct {
		name    string
		format  watchtower.Format
		handler func(*bytes.Buffer, *slog.HandlerOptions) slog.Handler
	}{
		{"JSON", watchtower.FormatJSON, func(b *bytes.Buffer, o *slog.HandlerOptions) slog.Handler { return slog.NewJSONHandler(b, o) }},
		{"text", watchtower.FormatText, func(b *bytes.Buffer, o *slog.HandlerOptions) slog.Handler { return slog.NewTextHandler(b, o) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want bytes.Buffer
			std := &slog.HandlerOptions{AddSource: true}
			h, s := open(t, watchtower.Options{AddSource: true, Format: c.format})
			r := slog.NewRecord(time.Date(2026, 11, 20, 20, 21, 22, 123456789, time.UTC).Local(), slog.LevelWarn, "größer \"als\"\n<1> & 2\u2028", 0)
			r.Time = time.Now()
			r.AddAttrs(slog.String("s", "x\x00\ty"), slog.Int("n", -5), slog.Duration("d", time.Second), slog.Group("g", slog.Bool("b", true), slog.Time("t", r.Time)), slog.Any("e", errors.New("oh")))
			for _, handler := range []slog.Handler{c.handler(&want, std), h} {
				derived := handler.WithAttrs([]slog.Attr{slog.Float64("f", 0.1)}).WithGroup("in").WithAttrs([]slog.Attr{slog.Any("list", []int{1, 2})})
				if err := derived.Handle(t.Context(), r); err != nil {
					t.Fatal(err)
				}
			}
			flush(t, h)
			if got := messages(s); len(got) != 1 || got[0] != strings.TrimSuffix(want.String(), "\n") {
				t.Errorf("got  %q\nwant %q", got, want.String())
			}
		})
	}
}

func TestTimestampIsTheRecords(t *testing.T) {
	h, s := open(t, watchtower.Options{})
	at := time.Now().Add(-time.Hour).Truncate(time.Millisecond)
	if err := h.Handle(t.Context(), slog.NewRecord(at, slog.LevelInfo, "then", 0)); err != nil {
		t.Fatal(err)
	}
	flush(t, h)
	if e := s.Events(group); len(e) != 1 || !e[0].Time.Equal(at) {
		t.Errorf("stored %v, want %v", e, at)
	}
}

// endless is a LogValuer that logs through the handler it is logged with.
type endless struct{ logger *slog.Logger }

func (e endless) LogValue() slog.Value {
	e.logger.Info("from within")
	return slog.StringValue("value")
}

type panicking struct{}

func (panicking) String() string               { panic("string") }
func (panicking) Error() string                { panic("error") }
func (panicking) MarshalJSON() ([]byte, error) { panic("json") }

func TestUserCodeCanNeitherCrashNorDeadlock(t *testing.T) {
	h, s := open(t, watchtower.Options{QueueBytes: 1 << 20, WhenFull: watchtower.Block})
	l := slog.New(h)
	l.Info("values", "valuer", endless{l}, "panics", panicking{}, "nil", error((*nilError)(nil)))
	flush(t, h)
	all := messages(s)
	if len(all) != 2 {
		t.Fatalf("%d events, want 2: %q", len(all), all)
	}
	for _, m := range all {
		if !json.Valid([]byte(m)) {
			t.Errorf("not JSON: %s", m)
		}
	}
}

type nilError struct{ text string }

func (e *nilError) Error() string { return e.text }

func TestNamedFillsStreamAndField(t *testing.T) {
	h, s := open(t, watchtower.Options{LogStreamName: "{logger_name}/{attr:tenant}"})
	slog.New(h).Info("one", "tenant", "blue:1")
	slog.New(h.Named("app.db")).With("tenant", "red").Info("two")
	flush(t, h)
	got := map[string]string{}
	for _, e := range s.Events(group) {
		got[e.Stream] = e.Message
	}
	if len(got) != 2 || !strings.Contains(got["app.db/red"], `"logger":"app.db"`) {
		t.Errorf("streams: %v", got)
	}
	for stream := range got {
		if strings.ContainsAny(stream, ":*") {
			t.Errorf("stream %q has a character that AWS forbids", stream)
		}
	}
}

func TestDerivedHandlersShareFlushCloseAndStats(t *testing.T) {
	h, s := open(t, watchtower.Options{})
	derived := h.Named("x").WithAttrs([]slog.Attr{slog.Int("a", 1)}).WithGroup("g").(*watchtower.Handler)
	slog.New(h).Info("one")
	if err := derived.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	if len(messages(s)) != 1 || derived.Stats().Delivered != 1 || h.Stats().Delivered != 1 {
		t.Errorf("closing a derived handler did not deliver: %+v", h.Stats())
	}
}

func TestFormatterOfTheUser(t *testing.T) {
	h, s := open(t, watchtower.Options{NewFormatter: func(w io.Writer) slog.Handler {
		return slog.NewTextHandler(w, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}})
	}})
	slog.New(h).With("a", 1).WithGroup("g").Info("hello", "b", 2)
	flush(t, h)
	if got := messages(s); len(got) != 1 || got[0] != "level=INFO msg=hello a=1 g.b=2" {
		t.Errorf("%q", got)
	}
}

func TestWriterMakesOneEventOfAWrite(t *testing.T) {
	h, s := open(t, watchtower.Options{})
	w := h.Writer()
	for _, line := range []string{"plain\n", "two\nlines\n", "bad \xff byte", "\n", ""} {
		if n, err := w.Write([]byte(line)); n != len(line) || err != nil {
			t.Errorf("Write(%q) = %d, %v", line, n, err)
		}
	}
	flush(t, h)
	all := slices.DeleteFunc(messages(s), own) // the empty ones are told of
	if got := fmt.Sprintf("%q", all); got != `["plain" "two\nlines" "bad �" byte"]` && got != `["plain" "two\nlines" "bad � byte"]` {
		t.Errorf("got %s", got)
	}
	if st := h.Stats(); st.Accepted != 5 || st.Delivered != 3 || st.Reasons[watchtower.ReasonEmpty] != 2 {
		t.Errorf("%+v", st)
	}
	h.Close(context.Background())
	if _, err := w.Write([]byte("late")); err != watchtower.ErrClosed {
		t.Errorf("after Close: %v", err)
	}
}

func TestLoggingAfterCloseIsCountedAndTold(t *testing.T) {
	var mu sync.Mutex
	var told []error
	h, _ := open(t, watchtower.Options{OnError: func(err error) { mu.Lock(); told = append(told, err); mu.Unlock() }})
	if err := h.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	err := h.Handle(t.Context(), slog.NewRecord(time.Now(), slog.LevelInfo, "late", 0))
	if !errors.Is(err, watchtower.ErrClosed) {
		t.Errorf("Handle after Close: %v", err)
	}
	drop, ok := errors.AsType[*watchtower.DropError](err)
	if !ok || drop.Reason != watchtower.ReasonClosed {
		t.Errorf("no DropError: %v", err)
	}
	if st := h.Stats(); st.Dropped != 1 || st.Reasons[watchtower.ReasonClosed] != 1 {
		t.Errorf("%+v", st)
	}
}

func TestFullQueueDropsAndCountsExactly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told int64
		h, s := open(t, watchtower.Options{QueueBytes: 64 << 10, NoGapRecords: true, OnError: func(err error) {
			if d, ok := errors.AsType[*watchtower.DropError](err); ok {
				told += d.Events
			}
		}})
		s.Faults().Delay("PutLogEvents", 10*time.Second, -1)
		var dropped int64
		for range 10_000 {
			err := h.Handle(t.Context(), slog.NewRecord(time.Now(), slog.LevelInfo, "hello", 0))
			if d, ok := errors.AsType[*watchtower.DropError](err); ok && d.Reason == watchtower.ReasonQueueFull {
				dropped++
			} else if err != nil {
				t.Fatal(err)
			}
			balance(t, h.Stats())
		}
		s.Faults().Clear()
		err := h.Close(context.Background())
		if left, ok := errors.AsType[*watchtower.CloseError](err); !ok || left.Stats.Dropped != dropped || left.Err != nil {
			t.Errorf("Close: %v", err)
		}
		st := h.Stats()
		if dropped == 0 || st.Dropped != dropped || st.Delivered != 10_000-dropped || int64(len(s.Events(group))) != st.Delivered {
			t.Errorf("%d drops returned, %d stored: %+v", dropped, len(s.Events(group)), st)
		}
		if told != dropped {
			t.Errorf("OnError was told of %d drops, want %d", told, dropped)
		}
	})
}

func TestBlockLosesNothingInAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s := open(t, watchtower.Options{QueueBytes: 64 << 10, WhenFull: watchtower.Block})
		s.Faults().Fail("PutLogEvents", 503, 5)
		s.Faults().Throttle("PutLogEvents", 5)
		s.Faults().Reset("PutLogEvents", 5)
		var wg sync.WaitGroup
		for g := range 4 {
			wg.Go(func() {
				for i := range 2000 {
					slog.New(h).Info("hello", "g", g, "i", i)
				}
			})
		}
		wg.Wait()
		if err := h.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		st := h.Stats()
		if st.Delivered != 8000 || st.Failures != 15 || len(s.Events(group)) != 8000 {
			t.Errorf("%d stored: %+v", len(s.Events(group)), st)
		}
		last := map[int]int{}
		for _, m := range messages(s) {
			var r struct{ G, I int }
			json.Unmarshal([]byte(m), &r)
			if next := last[r.G]; r.I != next {
				t.Fatalf("goroutine %d: %d came where %d belongs", r.G, r.I, next)
			}
			last[r.G]++
		}
	})
}

func TestSyncReturnsWhenStored(t *testing.T) {
	h, s := open(t, watchtower.Options{Sync: true, FlushInterval: time.Hour})
	for i := range 3 {
		slog.New(h).Info("hello")
		if n := len(messages(s)); n != i+1 {
			t.Fatalf("%d events stored after %d calls", n, i+1)
		}
	}
	old := slog.NewRecord(time.Now().AddDate(0, 0, -15), slog.LevelInfo, "too old", 0)
	err := h.Handle(t.Context(), old)
	if d, ok := errors.AsType[*watchtower.DropError](err); !ok || d.Reason != watchtower.ReasonTooOld {
		t.Errorf("an event that is too old: %v", err)
	}
}

func TestRejectedEventsAreCountedByReason(t *testing.T) {
	h, s := open(t, watchtower.Options{})
	now := time.Now()
	for _, at := range []time.Time{now.AddDate(0, 0, -15), now.AddDate(0, 0, -15), now, now.Add(3 * time.Hour)} {
		if err := h.Handle(t.Context(), slog.NewRecord(at, slog.LevelInfo, "m", 0)); err != nil {
			t.Fatal(err)
		}
	}
	flush(t, h)
	st := h.Stats()
	if st.Delivered != 1 || st.Rejected != 3 || st.Reasons[watchtower.ReasonTooOld] != 2 || st.Reasons[watchtower.ReasonTooNew] != 1 || len(messages(s)) != 1 {
		t.Errorf("%+v", st)
	}
}

func TestCloseThatRunsOutOfTimeTellsWhatIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s := open(t, watchtower.Options{})
		s.Faults().Fail("PutLogEvents", 503, -1)
		for range 10 {
			slog.New(h).Info("hello")
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		err := h.Close(ctx)
		left, ok := errors.AsType[*watchtower.CloseError](err)
		if !ok || left.Stats.Dropped != 10 || left.Stats.Reasons[watchtower.ReasonClosed] != 10 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Close: %v", err)
		}
		if again := h.Close(context.Background()); again == nil || again.Error() != err.Error() {
			t.Errorf("the second Close: %v", again)
		}
	})
}

func TestRecordsLoggedBySendingDoNotGoRound(t *testing.T) {
	s := watchtowertest.NewServer(t)
	var h *watchtower.Handler
	client := s.Client(func(o *cloudwatchlogs.Options) {
		o.HTTPClient = &http.Client{Transport: chatty{watchtowertest.Transport(s.Handler()), func(ctx context.Context) {
			slog.New(h).InfoContext(ctx, "sending")
		}}}
	})
	h, err := watchtower.New(t.Context(), group, &watchtower.Options{Client: client, LogStreamName: "s"})
	if err != nil {
		t.Fatal(err)
	}
	slog.New(h).Info("hello")
	if err := h.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := messages(s); len(got) != 1 {
		t.Errorf("%d events, want the one of the program: %q", len(got), got)
	}
}

// chatty is a transport that logs each request, as an instrumented client does.
type chatty struct {
	http.RoundTripper
	log func(context.Context)
}

func (c chatty) RoundTrip(r *http.Request) (*http.Response, error) {
	c.log(r.Context())
	return c.RoundTripper.RoundTrip(r)
}
