package watchhttp_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchhttp"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

const (
	traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	xrayTrace   = "Root=1-67891233-abcdef012345678912345678;Sampled=1"
)

func request(target string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func TestLoggerOfARequestHasItsIDs(t *testing.T) {
	l := newLog()
	h := func(_ http.ResponseWriter, r *http.Request) {
		watchhttp.Logger(r.Context()).WithGroup("g").Info("inside", "a", 1)
	}
	watchhttp.Middleware(l.logger(), nil)(http.HandlerFunc(h)).ServeHTTP(httptest.NewRecorder(),
		request("/", "X-Request-Id", "r-1", "Traceparent", traceparent, "X-Amzn-Trace-Id", xrayTrace))
	want := record{
		"level": "INFO", "msg": "inside", "request_id": "r-1", "trace_id": "0af7651916cd43dd8448eb211c80319c",
		"xray_trace_id": "1-67891233-abcdef012345678912345678", "g": map[string]any{"a": 1.0},
	}
	if diff := cmp.Diff(want, l.next(t)); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}

func TestOutsideOfARequestThereIsNothing(t *testing.T) {
	ctx := context.Background()
	watchhttp.Add(ctx, slog.Int("a", 1))
	watchhttp.SetRoute(ctx, "/")
	if watchhttp.Logger(ctx) != slog.Default() || watchhttp.Attrs(ctx) != nil || watchhttp.RequestID(ctx) != "" {
		t.Error("there is something")
	}
}

// contextual is a handler that adds what the context has to each record, as
// Options.ContextAttrs of package watchtower does.
type contextual struct{ slog.Handler }

func (h contextual) Handle(ctx context.Context, r slog.Record) error {
	r.AddAttrs(watchhttp.Attrs(ctx)...)
	return h.Handler.Handle(ctx, r)
}

func TestAttrsOfTheContextAreAddedOnce(t *testing.T) {
	lines := &strings.Builder{}
	l := slog.New(contextual{slog.NewTextHandler(lines, nil)})
	h := func(_ http.ResponseWriter, r *http.Request) { l.InfoContext(r.Context(), "inside") }
	watchhttp.Middleware(l, nil)(http.HandlerFunc(h)).ServeHTTP(httptest.NewRecorder(), request("/", "X-Request-Id", "r-1"))
	for line := range strings.Lines(lines.String()) {
		if strings.Count(line, "request_id=r-1") != 1 {
			t.Error(line)
		}
	}
	if strings.Count(lines.String(), "\n") != 2 {
		t.Errorf("logged %s", lines)
	}
}

func TestWatchtowerTakesAttrsFromTheContext(t *testing.T) {
	logs := watchtowertest.NewServer(t)
	h, err := watchtower.New(t.Context(), "web", &watchtower.Options{Client: logs.Client(), ContextAttrs: watchhttp.Attrs})
	if err != nil {
		t.Fatal(err)
	}
	l := slog.New(h)
	inside := func(_ http.ResponseWriter, r *http.Request) {
		l.WithGroup("g").InfoContext(r.Context(), "inside", "a", 1)
	}
	watchhttp.Middleware(l, nil)(http.HandlerFunc(inside)).ServeHTTP(httptest.NewRecorder(), request("/", "X-Request-Id", "r-1"))
	if err := h.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	events := logs.Events("web")
	if len(events) != 2 || !strings.HasSuffix(events[0].Message, `"msg":"inside","request_id":"r-1","g":{"a":1}}`) ||
		strings.Count(events[1].Message, `"request_id"`) != 1 {
		t.Errorf("stored %v", events)
	}
}

func TestTraceIDComesFromEitherHeader(t *testing.T) {
	for _, c := range []struct {
		headers []string
		want    record
	}{
		{nil, record{}},
		{[]string{"Traceparent", traceparent}, record{"trace_id": "0af7651916cd43dd8448eb211c80319c"}},
		{[]string{"X-Amzn-Trace-Id", xrayTrace}, record{"trace_id": "67891233abcdef012345678912345678", "xray_trace_id": "1-67891233-abcdef012345678912345678"}},
		{[]string{"Traceparent", traceparent, "Traceparent", traceparent}, record{}},
		{[]string{"Traceparent", "nonsense", "X-Amzn-Trace-Id", "nonsense"}, record{}},
	} {
		_, got := ask(t, nil, http.NotFoundHandler(), request("/", c.headers...))
		if diff := cmp.Diff(c.want, got.only("trace_id", "xray_trace_id")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.headers, diff)
		}
	}
	_, got := ask(t, &watchhttp.Options{NoTrace: true}, http.NotFoundHandler(), request("/", "Traceparent", traceparent))
	if got["trace_id"] != nil {
		t.Errorf("NoTrace: %v", got)
	}
}

func TestRequestIDIsTakenOrMade(t *testing.T) {
	made := &watchhttp.Options{NewRequestID: func() string { return "made" }}
	own := *made
	own.OwnRequestID = true
	other := *made
	other.RequestIDHeader = "x-correlation-id"
	for _, c := range []struct {
		name, header string
		opts         *watchhttp.Options
		sent         []string
		want         string
	}{
		{"none", "X-Request-Id", made, nil, "made"},
		{"valid", "X-Request-Id", made, []string{"X-Request-Id", "a-Z_0.~:/+=@"}, "a-Z_0.~:/+=@"},
		{"empty", "X-Request-Id", made, []string{"X-Request-Id", ""}, "made"},
		{"longest", "X-Request-Id", made, []string{"X-Request-Id", strings.Repeat("x", 128)}, strings.Repeat("x", 128)},
		{"too long", "X-Request-Id", made, []string{"X-Request-Id", strings.Repeat("x", 129)}, "made"},
		{"hostile", "X-Request-Id", made, []string{"X-Request-Id", "a\r\nSet-Cookie: b"}, "made"},
		{"two", "X-Request-Id", made, []string{"X-Request-Id", "a", "X-Request-Id", "b"}, "made"},
		{"own", "X-Request-Id", &own, []string{"X-Request-Id", "a"}, "made"},
		{"another header", "X-Correlation-Id", &other, []string{"X-Correlation-Id", "a", "X-Request-Id", "b"}, "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var inside string
			h := func(_ http.ResponseWriter, r *http.Request) { inside = watchhttp.RequestID(r.Context()) }
			answer, got := ask(t, c.opts, http.HandlerFunc(h), request("/", c.sent...))
			if got["request_id"] != c.want || inside != c.want || answer.Header.Get(c.header) != c.want {
				t.Errorf("logged %v, inside %q, answered %q", got["request_id"], inside, answer.Header)
			}
		})
	}
}

func TestMadeRequestIDsAreUnique(t *testing.T) {
	seen := map[any]bool{}
	for range 1000 {
		_, got := ask(t, nil, http.NotFoundHandler(), request("/"))
		if id, _ := got["request_id"].(string); len(id) != 26 || seen[id] {
			t.Fatalf("id %q", id)
		}
		seen[got["request_id"]] = true
	}
}

func TestMiddlewareTwiceHasOneRequestID(t *testing.T) {
	l := newLog()
	logs := watchhttp.Middleware(l.logger(), nil)
	w := httptest.NewRecorder()
	logs(logs(http.NotFoundHandler())).ServeHTTP(w, request("/"))
	inner, outer := l.next(t), l.next(t)
	if inner["request_id"] != outer["request_id"] || outer["request_id"] != w.Header().Get("X-Request-Id") {
		t.Errorf("ids %v, %v, answered %v", inner["request_id"], outer["request_id"], w.Header())
	}
}

func TestGoroutinesOfAHandlerMayAdd(t *testing.T) {
	h := func(_ http.ResponseWriter, r *http.Request) {
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				watchhttp.Add(r.Context(), slog.Int("n", 1))
				watchhttp.SetRoute(r.Context(), "/told")
				watchhttp.Logger(r.Context()).Debug("inside")
			})
		}
		wg.Wait()
	}
	l := newLog()
	watchhttp.Middleware(l.logger(), nil)(http.HandlerFunc(h)).ServeHTTP(httptest.NewRecorder(), request("/"))
	for range 8 {
		l.next(t)
	}
	if got := l.next(t); got["route"] != "/told" || got["n"] != 1.0 {
		t.Errorf("record %v", got)
	}
}

func TestRequestMayHaveNoID(t *testing.T) {
	none := &watchhttp.Options{NewRequestID: func() string { return "" }}
	for _, headers := range [][]string{nil, {"Traceparent", traceparent}} {
		answer, got := ask(t, none, http.NotFoundHandler(), request("/", headers...))
		if _, sent := answer.Header["X-Request-Id"]; sent || got["request_id"] != nil || (got["trace_id"] != nil) != (headers != nil) {
			t.Errorf("answered %v, record %v", answer.Header, got)
		}
	}
}
