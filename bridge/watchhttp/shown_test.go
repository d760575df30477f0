package watchhttp

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shows lists the interfaces that a writer shows, by the letters of shown.go.
func shows(w http.ResponseWriter) (all string) {
	if _, ok := w.(http.Flusher); ok {
		all += "F"
	}
	if _, ok := w.(http.Hijacker); ok {
		all += "H"
	}
	if _, ok := w.(io.ReaderFrom); ok {
		all += "R"
	}
	if _, ok := w.(http.Pusher); ok {
		all += "P"
	}
	if _, ok := w.(interface{ CloseNotify() <-chan bool }); ok {
		all += "C"
	}
	return all
}

func letters(set int) (all string) {
	for i, letter := range []string{"F", "H", "R", "P", "C"} {
		if set>>i&1 == 1 {
			all += letter
		}
	}
	return all
}

// able is a writer that can do everything, and notes what it was asked for.
type able struct {
	http.ResponseWriter
	asked []string
}

var errAble = errors.New("asked")

func (a *able) ask(what string) error {
	a.asked = append(a.asked, what)
	return errAble
}

func (a *able) Flush()            { panic("FlushError tells more") }
func (a *able) FlushError() error { return a.ask("flush") }
func (a *able) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return nil, nil, a.ask("hijack")
}
func (a *able) ReadFrom(io.Reader) (int64, error)       { return 3, a.ask("read from") }
func (a *able) Push(string, *http.PushOptions) error    { return a.ask("push") }
func (a *able) CloseNotify() <-chan bool                { a.ask("close notify"); return nil }
func (a *able) WriteString(s string) (n int, err error) { return len(s), a.ask("write string " + s) }

func TestWriterShowsWhatTheWrappedOneHas(t *testing.T) {
	for set := range writers {
		inner := writers[set](&response{inner: &able{ResponseWriter: httptest.NewRecorder()}})
		if got := shows(inner); got != letters(set) {
			t.Errorf("writer %d shows %q, not %q", set, got, letters(set))
		}
		if got := shows((&response{inner: inner}).shown()); got != letters(set) {
			t.Errorf("around %q it shows %q", letters(set), got)
		}
	}
}

func TestWriterPassesOnWhatItIsAsked(t *testing.T) {
	for set, make := range writers {
		a := &able{ResponseWriter: httptest.NewRecorder()}
		w := make(&response{inner: a})
		var want []string
		try := func(what string, err error) {
			if want = append(want, what); !errors.Is(err, errAble) {
				t.Errorf("%s of %q: %v", what, letters(set), err)
			}
		}
		if f, ok := w.(interface{ FlushError() error }); ok {
			try("flush", f.FlushError())
		}
		if h, ok := w.(http.Hijacker); ok {
			_, _, err := h.Hijack()
			try("hijack", err)
		}
		if r, ok := w.(io.ReaderFrom); ok {
			_, err := r.ReadFrom(strings.NewReader("abc"))
			try("read from", err)
		}
		if p, ok := w.(http.Pusher); ok {
			try("push", p.Push("/", nil))
		}
		if c, ok := w.(closeNotifier); ok {
			c.CloseNotify()
			want = append(want, "close notify")
		}
		_, err := io.WriteString(w, "text")
		try("write string text", err)
		if diff := cmp.Diff(want, a.asked); diff != "" {
			t.Errorf("%q was asked (-want +got):\n%s", letters(set), diff)
		}
	}
}

// What the servers of net/http show, the handler sees, and no more.
func TestWriterShowsWhatTheServerHas(t *testing.T) {
	for _, proto := range []int{1, 2} {
		var bare, wrapped string
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			bare = shows(w)
			Middleware(nil, &Options{Level: silent})(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				wrapped = shows(w)
			})).ServeHTTP(w, r)
		})
		s := httptest.NewUnstartedServer(h)
		s.EnableHTTP2 = proto == 2
		s.StartTLS()
		answer, err := s.Client().Get(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		s.Close()
		if answer.ProtoMajor != proto || bare != wrapped || bare == "" {
			t.Errorf("HTTP/%d: the server's shows %q, ours %q", answer.ProtoMajor, bare, wrapped)
		}
	}
}
