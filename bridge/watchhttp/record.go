package watchhttp

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	textLimit  = 2 << 10  // bytes of a text that a client chose
	panicLimit = 16 << 10 // bytes of what a panic says, which may quote a client
	stackLimit = 64 << 10 // bytes of a panic's stack
)

// end logs the request. v is what its handler panicked with.
func (x *exchange) end(v any) {
	took := time.Since(x.began)
	o := Outcome{
		Status: int(x.response.status.Load()), Duration: took,
		BytesIn: x.body.bytes.Load(), BytesOut: x.response.bytes.Load(),
		Canceled: x.Context.Err() != nil, Aborted: v == http.ErrAbortHandler || v == nil && !x.returned,
	}
	panicked := v != nil && !o.Aborted
	if o.Status == 0 && x.returned {
		o.Status = http.StatusOK
	} else if o.Status == 0 && panicked {
		o.Status = http.StatusInternalServerError
	}
	level := slog.LevelError
	if !panicked {
		level = x.middleware.Level(x.asked, o)
	}
	// The context is the one from outside: handlers that ask Attrs would add
	// to this record what it has.
	h := x.middleware.base().Handler()
	if !h.Enabled(x.Context, level) {
		return
	}
	record := slog.NewRecord(x.began.Add(took), level, "request", 0)
	x.describe(&record, o)
	if panicked {
		record.AddAttrs(slog.String("panic", cutTo(fmt.Sprint(v), panicLimit)), slog.String("stack", stack()))
	}
	_ = h.Handle(x.Context, record) // as slog's own loggers do
}

// describe writes the attributes of a request, in the order of the package's
// documentation.
func (x *exchange) describe(record *slog.Record, o Outcome) {
	m, r := x.middleware, x.asked
	route, added := x.settleRoute()
	path, secrets := m.path(x.path, route)
	var room [24]slog.Attr // those that are always there, and 8 that may be
	attrs := room[:0]
	text := func(key, value string) {
		if value != "" {
			attrs = append(attrs, slog.String(key, cut(value)))
		}
	}
	text("method", cmp.Or(r.Method, http.MethodGet))
	text("path", path)
	text("route", route)
	text("query", m.query(x.query))
	text("proto", r.Proto)
	text("host", r.Host)
	attrs = append(
		attrs, slog.Int("status", o.Status), slog.Int64("bytes_in", o.BytesIn), slog.Int64("bytes_out", o.BytesOut),
		slog.Float64("duration_ms", float64(o.Duration.Microseconds())/1e3),
	)
	ids := x.attrs()
	if x.id != "" {
		attrs, ids = append(attrs, ids[0]), ids[1:]
	}
	text("remote", r.RemoteAddr)
	text("client", m.client(r))
	text("user_agent", r.UserAgent())
	text("referer", m.address(r.Referer(), secrets))
	attrs = append(attrs, ids...)
	if o.Canceled {
		text("canceled", context.Cause(x.Context).Error())
	}
	if x.response.taken.Load() {
		attrs = append(attrs, slog.Bool("hijacked", true))
	}
	if o.Aborted {
		attrs = append(attrs, slog.Bool("aborted", true))
	}
	attrs = m.headers(attrs, "request", m.RequestHeaders, r.Header, secrets)
	attrs = m.headers(attrs, "response", m.ResponseHeaders, x.response.Header(), secrets)
	record.AddAttrs(append(attrs, added...)...)
}

// settleRoute finds the route, and what else the handler has told.
func (x *exchange) settleRoute() (route string, added []slog.Attr) {
	route, added = x.said()
	if f := x.middleware.Route; f != nil {
		route = cmp.Or(f(x.given), route)
	}
	if route == "" {
		route = cmp.Or(x.given.Pattern, x.otherMethod())
		if method, rest, ok := strings.Cut(route, " "); ok && !strings.Contains(method, "/") {
			route = strings.TrimLeft(rest, " \t")
		}
	}
	return route, added
}

// otherMethod returns the pattern of a path that the mux has with other methods only,
// because the secrets of that are no less so in a 405.
func (x *exchange) otherMethod() string {
	allow := x.response.Header()["Allow"]
	if x.mux == nil || x.response.status.Load() != http.StatusMethodNotAllowed || len(allow) != 1 {
		return ""
	}
	r := *x.asked
	r.Method, _, _ = strings.Cut(allow[0], ",")
	_, pattern := x.mux.Handler(&r)
	return pattern
}

func (m *middleware) headers(attrs []slog.Attr, group string, names []string, header http.Header, secrets []string) []slog.Attr {
	var found []slog.Attr
	for _, name := range names {
		if values := header[name]; len(values) > 0 {
			text := redacted
			if !m.Redact(name) {
				shown := make([]string, len(values))
				for i, value := range values {
					shown[i] = m.header(name, value, secrets)
				}
				text = cut(strings.Join(shown, ", "))
			}
			found = append(found, slog.String(name, text))
		}
	}
	if found == nil {
		return attrs
	}
	return append(attrs, slog.GroupAttrs(group, found...))
}

// stack returns the stack of this goroutine, which still has the frames of the
// panic that is being recovered: these, without what was called since.
func stack() string {
	buf := make([]byte, stackLimit)
	all := string(buf[:runtime.Stack(buf, false)])
	head, _, _ := strings.Cut(all, "\n")
	if _, frames, ok := strings.Cut(all, "\npanic("); ok {
		return head + "\npanic(" + frames
	}
	return all
}

func cut(s string) string { return cutTo(s, textLimit) }

// cutTo shortens what is too long, between two characters.
func cutTo(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	end := limit - len("…")
	for i := 0; i < utf8.UTFMax && end > 0 && !utf8.RuneStart(s[end]); i++ {
		end--
	}
	return s[:end] + "…"
}
