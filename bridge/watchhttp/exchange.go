package watchhttp

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"
)

// An exchange is a request and its answer, under way. It is the context that the
// handler gets, so that one allocation holds all that is known of it. It is never
// used again for another request: handlers keep contexts and writers.
type exchange struct {
	context.Context // of the request as it came
	middleware      *middleware
	asked           *http.Request // as it came
	given           *http.Request // as the handler got it
	began           time.Time
	path, query     string // kept, because handlers change URLs
	response        response
	body            body
	returned        bool     // the handler came to its end
	mux             patterns // the handler, if it has any

	id     string
	idSent [1]string // the value of the answer's header
	ids    [3]slog.Attr
	n      int // of ids

	once   sync.Once
	logger *slog.Logger // made when it is asked for

	mu    sync.Mutex // guards what follows: handlers may have several goroutines
	route string
	added []slog.Attr
}

type contextKey struct{}

// Value implements [context.Context].
func (x *exchange) Value(key any) any {
	if key == (contextKey{}) {
		return x
	}
	return x.Context.Value(key)
}

func from(ctx context.Context) *exchange {
	x, _ := ctx.Value(contextKey{}).(*exchange)
	return x
}

// begin looks at a request, and gives its answer the request id.
func (m *middleware) begin(w http.ResponseWriter, r *http.Request) *exchange {
	x := &exchange{Context: r.Context(), middleware: m, asked: r, began: time.Now(), path: r.URL.EscapedPath(), query: r.URL.RawQuery}
	x.identify(r)
	if x.idSent[0] = x.id; x.id != "" {
		x.response.idHeader, x.response.id = m.RequestIDHeader, x.idSent[:]
		w.Header()[m.RequestIDHeader] = x.idSent[:]
	}
	x.response.inner, x.response.head = w, r.Method == http.MethodHead
	x.given = r.WithContext(x)
	if r.Body != nil && r.Body != http.NoBody {
		x.body.ReadCloser, x.body.asked, x.body.given = r.Body, r, x.given
		x.given.Body = &x.body
	}
	return x
}

// giveBack hands to the request as it came what handlers leave in theirs for those
// outside: the pattern, for other middleware, and the form, whose files on disk
// the server removes.
func (x *exchange) giveBack() {
	if x.asked.Pattern == "" {
		x.asked.Pattern = x.given.Pattern
	}
	if x.asked.MultipartForm == nil {
		x.asked.MultipartForm = x.given.MultipartForm
	}
}

// identify settles the ids of the request: its own, which it keeps where the
// middleware stands twice, and those of its trace.
func (x *exchange) identify(r *http.Request) {
	m := x.middleware
	given := r.Header[m.RequestIDHeader]
	if outer := from(x.Context); outer != nil {
		x.id = outer.id
	} else if !m.OwnRequestID && len(given) == 1 && validRequestID(given[0]) {
		x.id = given[0]
	} else {
		x.id = m.NewRequestID()
	}
	x.keep("request_id", x.id)
	if m.NoTrace {
		return
	}
	trace, root := "", ""
	if h := r.Header["Traceparent"]; len(h) == 1 {
		trace = traceparentID(h[0])
	}
	if h := r.Header["X-Amzn-Trace-Id"]; len(h) == 1 {
		root = xrayRoot(h[0])
	}
	if trace == "" && root != "" {
		trace = xrayTraceID(root)
	}
	x.keep("trace_id", trace)
	x.keep("xray_trace_id", root)
}

func (x *exchange) keep(key, id string) {
	if id != "" {
		x.ids[x.n] = slog.String(key, id)
		x.n++
	}
}

// attrs cannot be appended to in place.
func (x *exchange) attrs() []slog.Attr { return x.ids[:x.n:x.n] }

// said returns what the handler has told of the request.
func (x *exchange) said() (route string, added []slog.Attr) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.route, slices.Clip(x.added)
}

// Logger returns the logger of the middleware, with the attributes of [Attrs]
// added, for what is logged within a request. Outside of one it is slog.Default.
func Logger(ctx context.Context) *slog.Logger {
	if x := from(ctx); x != nil {
		x.once.Do(func() { x.logger = slog.New(x.middleware.base().Handler().WithAttrs(x.attrs())) })
		return x.logger
	}
	return slog.Default()
}

// Attrs returns the attributes request_id and, where they are known, trace_id and
// xray_trace_id of the request that a context belongs to; none outside of one. As
// Options.ContextAttrs of package watchtower it adds them to all that is logged with
// slog.InfoContext and its like:
//
//	watchtower.New(ctx, "my-app", &watchtower.Options{ContextAttrs: watchhttp.Attrs})
//
// Records of [Logger] have them already, so use one of the two. The slice must not
// be changed.
func Attrs(ctx context.Context) []slog.Attr {
	if x := from(ctx); x != nil {
		return x.attrs()
	}
	return nil
}

// RequestID returns the id of the request that a context belongs to, or "".
func RequestID(ctx context.Context) string {
	if x := from(ctx); x != nil {
		return x.id
	}
	return ""
}

// Add adds attributes to the record of the request, such as the user's name. It is
// safe for concurrent use, and does nothing outside of a request.
func Add(ctx context.Context, attrs ...slog.Attr) {
	if x := from(ctx); x != nil {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.added = append(x.added, attrs...)
	}
}

// SetRoute names the route of the request, for its record. Call it once the router
// has decided; the last call counts, and "" is no name.
func SetRoute(ctx context.Context, route string) {
	if x := from(ctx); x != nil {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.route = route
	}
}
