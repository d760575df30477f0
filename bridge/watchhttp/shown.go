package watchhttp

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// What a writer can do shows in its methods, so there is one type for each
// set of interfaces. Each adds one method to a smaller one, and all are a single
// pointer, which needs no memory of its own. The letters: F is http.Flusher, H
// http.Hijacker, R io.ReaderFrom, P http.Pusher, C http.CloseNotifier.
type (
	writesF     struct{ *response }
	writesH     struct{ *response }
	writesFH    struct{ writesF }
	writesR     struct{ *response }
	writesFR    struct{ writesF }
	writesHR    struct{ writesH }
	writesFHR   struct{ writesFH }
	writesP     struct{ *response }
	writesFP    struct{ writesF }
	writesHP    struct{ writesH }
	writesFHP   struct{ writesFH }
	writesRP    struct{ writesR }
	writesFRP   struct{ writesFR }
	writesHRP   struct{ writesHR }
	writesFHRP  struct{ writesFHR }
	writesC     struct{ *response }
	writesFC    struct{ writesF }
	writesHC    struct{ writesH }
	writesFHC   struct{ writesFH }
	writesRC    struct{ writesR }
	writesFRC   struct{ writesFR }
	writesHRC   struct{ writesHR }
	writesFHRC  struct{ writesFHR }
	writesPC    struct{ writesP }
	writesFPC   struct{ writesFP }
	writesHPC   struct{ writesHP }
	writesFHPC  struct{ writesFHP }
	writesRPC   struct{ writesRP }
	writesFRPC  struct{ writesFRP }
	writesHRPC  struct{ writesHRP }
	writesFHRPC struct{ writesFHRP }
)

// closeNotifier is http.CloseNotifier, which is deprecated and in use.
type closeNotifier interface{ CloseNotify() <-chan bool }

// shown returns a writer that shows the interfaces that the wrapped one has.
func (w *response) shown() http.ResponseWriter {
	set := 0
	if _, ok := w.inner.(http.Flusher); ok {
		set |= 1
	}
	if _, ok := w.inner.(http.Hijacker); ok {
		set |= 2
	}
	if _, ok := w.inner.(io.ReaderFrom); ok {
		set |= 4
	}
	if _, ok := w.inner.(http.Pusher); ok {
		set |= 8
	}
	if _, ok := w.inner.(closeNotifier); ok {
		set |= 16
	}
	return writers[set](w)
}

// writers makes each of them, by the set of its interfaces.
var writers = [32]func(*response) http.ResponseWriter{
	func(w *response) http.ResponseWriter { return w },
	func(w *response) http.ResponseWriter { return writesF{w} },
	func(w *response) http.ResponseWriter { return writesH{w} },
	func(w *response) http.ResponseWriter { return writesFH{writesF{w}} },
	func(w *response) http.ResponseWriter { return writesR{w} },
	func(w *response) http.ResponseWriter { return writesFR{writesF{w}} },
	func(w *response) http.ResponseWriter { return writesHR{writesH{w}} },
	func(w *response) http.ResponseWriter { return writesFHR{writesFH{writesF{w}}} },
	func(w *response) http.ResponseWriter { return writesP{w} },
	func(w *response) http.ResponseWriter { return writesFP{writesF{w}} },
	func(w *response) http.ResponseWriter { return writesHP{writesH{w}} },
	func(w *response) http.ResponseWriter { return writesFHP{writesFH{writesF{w}}} },
	func(w *response) http.ResponseWriter { return writesRP{writesR{w}} },
	func(w *response) http.ResponseWriter { return writesFRP{writesFR{writesF{w}}} },
	func(w *response) http.ResponseWriter { return writesHRP{writesHR{writesH{w}}} },
	func(w *response) http.ResponseWriter { return writesFHRP{writesFHR{writesFH{writesF{w}}}} },
	func(w *response) http.ResponseWriter { return writesC{w} },
	func(w *response) http.ResponseWriter { return writesFC{writesF{w}} },
	func(w *response) http.ResponseWriter { return writesHC{writesH{w}} },
	func(w *response) http.ResponseWriter { return writesFHC{writesFH{writesF{w}}} },
	func(w *response) http.ResponseWriter { return writesRC{writesR{w}} },
	func(w *response) http.ResponseWriter { return writesFRC{writesFR{writesF{w}}} },
	func(w *response) http.ResponseWriter { return writesHRC{writesHR{writesH{w}}} },
	func(w *response) http.ResponseWriter { return writesFHRC{writesFHR{writesFH{writesF{w}}}} },
	func(w *response) http.ResponseWriter { return writesPC{writesP{w}} },
	func(w *response) http.ResponseWriter { return writesFPC{writesFP{writesF{w}}} },
	func(w *response) http.ResponseWriter { return writesHPC{writesHP{writesH{w}}} },
	func(w *response) http.ResponseWriter { return writesFHPC{writesFHP{writesFH{writesF{w}}}} },
	func(w *response) http.ResponseWriter { return writesRPC{writesRP{writesR{w}}} },
	func(w *response) http.ResponseWriter { return writesFRPC{writesFRP{writesFR{writesF{w}}}} },
	func(w *response) http.ResponseWriter { return writesHRPC{writesHRP{writesHR{writesH{w}}}} },
	func(w *response) http.ResponseWriter { return writesFHRPC{writesFHRP{writesFHR{writesFH{writesF{w}}}}} },
}

// Flush implements [http.Flusher].
func (w writesF) Flush() { _ = w.flush() }

// FlushError is what [http.ResponseController] looks for first.
func (w writesF) FlushError() error { return w.flush() }

// Hijack implements [http.Hijacker].
func (w writesH) Hijack() (net.Conn, *bufio.ReadWriter, error)  { return w.hijack() }
func (w writesFH) Hijack() (net.Conn, *bufio.ReadWriter, error) { return w.hijack() }

// ReadFrom implements [io.ReaderFrom].
func (w writesR) ReadFrom(src io.Reader) (int64, error)   { return w.readFrom(src) }
func (w writesFR) ReadFrom(src io.Reader) (int64, error)  { return w.readFrom(src) }
func (w writesHR) ReadFrom(src io.Reader) (int64, error)  { return w.readFrom(src) }
func (w writesFHR) ReadFrom(src io.Reader) (int64, error) { return w.readFrom(src) }

// Push implements [http.Pusher].
func (w writesP) Push(target string, o *http.PushOptions) error    { return w.push(target, o) }
func (w writesFP) Push(target string, o *http.PushOptions) error   { return w.push(target, o) }
func (w writesHP) Push(target string, o *http.PushOptions) error   { return w.push(target, o) }
func (w writesFHP) Push(target string, o *http.PushOptions) error  { return w.push(target, o) }
func (w writesRP) Push(target string, o *http.PushOptions) error   { return w.push(target, o) }
func (w writesFRP) Push(target string, o *http.PushOptions) error  { return w.push(target, o) }
func (w writesHRP) Push(target string, o *http.PushOptions) error  { return w.push(target, o) }
func (w writesFHRP) Push(target string, o *http.PushOptions) error { return w.push(target, o) }

// CloseNotify implements http.CloseNotifier, which gin needs.
func (w writesC) CloseNotify() <-chan bool     { return w.closeNotify() }
func (w writesFC) CloseNotify() <-chan bool    { return w.closeNotify() }
func (w writesHC) CloseNotify() <-chan bool    { return w.closeNotify() }
func (w writesFHC) CloseNotify() <-chan bool   { return w.closeNotify() }
func (w writesRC) CloseNotify() <-chan bool    { return w.closeNotify() }
func (w writesFRC) CloseNotify() <-chan bool   { return w.closeNotify() }
func (w writesHRC) CloseNotify() <-chan bool   { return w.closeNotify() }
func (w writesFHRC) CloseNotify() <-chan bool  { return w.closeNotify() }
func (w writesPC) CloseNotify() <-chan bool    { return w.closeNotify() }
func (w writesFPC) CloseNotify() <-chan bool   { return w.closeNotify() }
func (w writesHPC) CloseNotify() <-chan bool   { return w.closeNotify() }
func (w writesFHPC) CloseNotify() <-chan bool  { return w.closeNotify() }
func (w writesRPC) CloseNotify() <-chan bool   { return w.closeNotify() }
func (w writesFRPC) CloseNotify() <-chan bool  { return w.closeNotify() }
func (w writesHRPC) CloseNotify() <-chan bool  { return w.closeNotify() }
func (w writesFHRPC) CloseNotify() <-chan bool { return w.closeNotify() }
