// Package watchhttp logs HTTP requests: middleware for net/http, and so for every
// router and framework that is an [http.Handler] or takes one. It imports the
// standard library alone and logs to any [slog.Logger].
//
//	logged := watchhttp.Middleware(slog.New(h), nil)
//	http.ListenAndServe(":8080", logged(http.DefaultServeMux))
//
// Each request leaves one record, named "request", when its handler has returned:
//
//	method, path       as asked; path is escaped, as on the wire; see below for its secrets
//	route              the pattern that matched, without method: "/users/{id}"; for a
//	                   405 of a http.ServeMux, the one for other methods
//	query              secrets redacted
//	proto, host        "HTTP/1.1"; the host that was asked for
//	status             what the handler sent; 200 if it sent nothing, 101 if it took
//	                   the connection over. A panic is 500, and what was aborted 0, if
//	                   the handler had not set a status before: then it is that one,
//	                   though the server may have closed the connection without it
//	bytes_in           of the body, as far as the handler read it
//	bytes_out          of the body; none for HEAD
//	duration_ms        milliseconds, to the microsecond
//	request_id         see Options.RequestIDHeader
//	remote             the address and port of the other end of the connection
//	client             the client's address: behind proxies, see Options.TrustedProxies
//	user_agent         as sent
//	referer            without user, password and fragment, secrets redacted
//	trace_id           of traceparent, or else of X-Amzn-Trace-Id, 32 hex digits
//	xray_trace_id      of X-Amzn-Trace-Id, as it was: "1-5759e988-bd862e3fe1be46a994272793"
//	canceled           why the request's context had ended before the handler did,
//	                   most often because the client had left
//	hijacked, aborted  true, if so
//	panic, stack       of a handler that panicked, cut to 16 and 64 KiB
//	request, response  the headers of Options.RequestHeaders and ResponseHeaders,
//	                   addresses in them redacted as in path and referer
//
// What is empty is left out, from route to xray_trace_id. Other texts are cut to 2,048
// bytes, so that a client cannot fill the log at will. A connection that a handler
// takes over, for a websocket, is handed over as it is: its bytes are not counted,
// and the record comes when the handler returns.
//
// # Secrets
//
// What Options.Redact, or [IsSecret], knows by its name is logged as REDACTED: parameters
// of the query, also in addresses and JSON within them, headers, and the segments of
// the path that the route names, such as that of {token}. Where these cannot be found
// in the path, because the route is no pattern of it, nothing of the path is logged.
//
// Of what a route leaves open there are no names: of all of the path if no route
// matched, as for a 404, of what is below the pattern of a subtree, such as "/" or that of
// a mux behind http.StripPrefix, of paths in Referer and other addresses, and of
// what stands in a query without a name.
// There REDACTED stands for segments that look random (16 or more letters and digits,
// well mixed, but no UUIDs), and behind one with the name of a secret, as in
// /token/4711, for those that are no plain words. That is a guess: a token that is short,
// or a UUID, is logged. Who has such tokens in paths names them by Options.Route, which is
// asked for a 404 too, or by SetRoute:
//
//	Route: func(r *http.Request) string {
//		if strings.HasPrefix(r.URL.Path, "/reset/") {
//			return "/reset/{token...}"
//		}
//		return ""
//	},
//
// # Inside a handler
//
// [Logger] is the logger to use for what belongs to a request: its records carry
// request_id, trace_id and xray_trace_id. [Attrs] has the same for handlers that look
// at the context. [Add] adds to the record of the request, [SetRoute] names its route.
//
// # Frameworks
//
// The middleware belongs around everything, so that it sees what was sent in the
// end. The route is then known if the router is a [http.ServeMux]; others tell it by
// [SetRoute], from middleware of their own, or Options.Route. The programs in
// examples/frameworks show it for chi, gorilla/mux, echo and gin.
//
// A ServeMux notes its pattern in the request that it was given. Middleware that
// stands between and hands on another (by WithContext) hides it: call
// SetRoute(r.Context(), r.Pattern) behind that.
//
// # The writer
//
// The http.ResponseWriter that handlers get is an [http.Flusher], [http.Hijacker],
// [io.ReaderFrom], [http.Pusher] or http.CloseNotifier exactly if the server's is,
// and [http.ResponseController] works through it. What no wrapper can pass on: an
// [http.MaxBytesReader] inside does not make the server close the connection. An
// http.MaxBytesHandler around the middleware does.
package watchhttp
