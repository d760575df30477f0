package watchhttp

import (
	"log/slog"
	"net/http"
)

// middleware is what all handlers share that one call of Middleware wraps.
type middleware struct {
	Options
	logger *slog.Logger
}

// Middleware returns a function that wraps handlers so that each request is
// logged to l, once, when it has ended. A nil logger is slog.Default at that time;
// nil options are the defaults.
//
// A panic is logged as an error, with its stack, and goes on, to net/http or to
// whoever recovers. http.ErrAbortHandler, which is how handlers break off an answer,
// goes on too, but is no error: it is logged as aborted.
func Middleware(l *slog.Logger, opts *Options) func(http.Handler) http.Handler {
	m := &middleware{Options: opts.withDefaults(), logger: l}
	return func(next http.Handler) http.Handler {
		mux, _ := next.(patterns)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if m.Skip != nil && m.Skip(r) {
				next.ServeHTTP(w, r)
				return
			}
			m.serve(next, mux, w, r)
		})
	}
}

// patterns is what http.ServeMux tells of its routes.
type patterns interface {
	Handler(*http.Request) (handler http.Handler, pattern string)
}

func (m *middleware) serve(next http.Handler, mux patterns, w http.ResponseWriter, r *http.Request) {
	x := m.begin(w, r)
	x.mux = mux
	defer func() {
		v := recover()
		if v != nil {
			defer panic(v) // even if a function of Options panics below
		}
		x.giveBack()
		x.end(v)
	}()
	next.ServeHTTP(x.response.shown(), x.given)
	x.returned = true
	x.response.keepID() // if nothing was sent, the server sends the header now
}

func (m *middleware) base() *slog.Logger {
	if m.logger != nil {
		return m.logger
	}
	return slog.Default()
}
