package watchhttp

import (
	"cmp"
	"log/slog"
	"net/http"
	"net/netip"
	"net/textproto"
	"slices"
	"time"
)

// Options say what is logged, and how. The zero value is a good start.
//
// The functions are called on the goroutine of the request and must be safe for
// concurrent use.
type Options struct {
	// Skip reports which requests leave no record, such as those of health
	// checks. They are passed on as if there were no middleware: without a
	// request id, too. If nil, none.
	Skip func(*http.Request) bool

	// Route names the route of a request, for routers other than
	// http.ServeMux. It is called when the handler has returned, with the
	// request that the handler got. If nil, or if it returns "", the route is
	// that of SetRoute, or else the request's Pattern.
	Route func(*http.Request) string

	// Level decides how a request that ended is logged. If nil, LevelByStatus
	// does. A panic is always an error.
	Level func(*http.Request, Outcome) slog.Level

	// Redact reports whether the value of a query parameter, path wildcard or
	// header is a secret, by its name as it was sent; REDACTED is logged instead. It is
	// also asked of segments of paths, which may name what is behind them.
	// If nil, IsSecret does. To know more names than that:
	//
	//	func(name string) bool { return watchhttp.IsSecret(name) || name == "ssn" }
	Redact func(name string) bool

	// RequestHeaders and ResponseHeaders are the names of headers that are
	// logged, in the groups "request" and "response". If empty, none. Besides those
	// that Redact names, secrets are redacted in addresses: in headers such as Referer,
	// Location, Content-Location, X-Original-Url and Link, and in values with ? or //
	// in them. User, password and fragment are left out, secrets of the query are
	// redacted, and so is what holds the value of a secret wildcard of the route, or looks
	// like a secret: see the package's documentation.
	RequestHeaders, ResponseHeaders []string

	// RequestIDHeader is where the id of a request is taken from and where it
	// is given back in the answer. If empty, "X-Request-Id". Only an id of at most 128
	// letters, digits and - . _ ~ : / + = @ is taken; for others one is made.
	RequestIDHeader string

	// OwnRequestID makes an id for each request, whatever the client sent.
	OwnRequestID bool

	// NewRequestID makes ids. If nil, they are crypto/rand's Text: 26 letters
	// and digits. If it returns "", the request has none.
	NewRequestID func() string

	// TrustedProxies are the networks of proxies and load balancers whose word on
	// the client's address is taken. The addresses in ForwardedHeader are walked
	// from the right: the first one outside these networks is the client. If empty,
	// the header is not looked at. With any network, the other end of a Unix
	// socket is trusted too.
	TrustedProxies []netip.Prefix

	// ForwardedHeader is the one header that the trusted proxies set. A client can
	// send the others itself, so they are never looked at. If empty,
	// "X-Forwarded-For"; "Forwarded" is read as RFC 7239 has it, and any other, such as
	// "X-Real-Ip", as a list of addresses.
	ForwardedHeader string

	// NoTrace leaves trace_id and xray_trace_id out, for programs whose records have
	// them from OpenTelemetry.
	NoTrace bool
}

// An Outcome is how a request ended.
type Outcome struct {
	Status            int           // of the answer: 101 when hijacked, 0 when aborted before it was sent
	Duration          time.Duration // from the first look at the request until its handler returned
	BytesIn, BytesOut int64         // of the bodies
	Canceled          bool          // the request's context had ended before
	Aborted           bool          // the handler panicked with http.ErrAbortHandler
}

// LevelByStatus is the level of a request unless Options.Level says otherwise:
// error from 500 on, warning from 400 on and for what was aborted, else info. That
// is also the level of a request whose client left before the answer was ready: the
// attribute canceled tells of it, and Outcome.Canceled to a Level of your own.
func LevelByStatus(_ *http.Request, o Outcome) slog.Level {
	switch {
	case o.Aborted:
		return slog.LevelWarn
	case o.Status >= 500:
		return slog.LevelError
	case o.Status >= 400:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// withDefaults returns options in which nothing is left to decide; nil is allowed.
func (o *Options) withDefaults() Options {
	var d Options
	if o != nil {
		d = *o
	}
	if d.Level == nil {
		d.Level = LevelByStatus
	}
	if d.Redact == nil {
		d.Redact = IsSecret
	}
	if d.NewRequestID == nil {
		d.NewRequestID = newRequestID
	}
	d.RequestIDHeader = textproto.CanonicalMIMEHeaderKey(cmp.Or(d.RequestIDHeader, "X-Request-Id"))
	d.ForwardedHeader = textproto.CanonicalMIMEHeaderKey(cmp.Or(d.ForwardedHeader, "X-Forwarded-For"))
	d.RequestHeaders = canonical(d.RequestHeaders)
	d.ResponseHeaders = canonical(d.ResponseHeaders)
	d.TrustedProxies = slices.Clone(d.TrustedProxies)
	return d
}

func canonical(names []string) []string {
	names = slices.Clone(names)
	for i, name := range names {
		names[i] = textproto.CanonicalMIMEHeaderKey(name)
	}
	return names
}
