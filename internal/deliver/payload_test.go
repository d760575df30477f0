package deliver

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/iotest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

func TestPayloadReaderIsAReader(t *testing.T) {
	for _, body := range []string{"", "x", "a body of some length"} {
		if err := iotest.TestReader(newPayload([]byte(body)).open(), []byte(body)); err != nil {
			t.Errorf("%q: %v", body, err)
		}
	}
}

func TestPayloadKnowsWhetherItWasTaken(t *testing.T) {
	p := newPayload([]byte("0123456789"))
	r := p.open()
	if r.Len() != 10 || p.wasRead() {
		t.Fatalf("at the start: %d left, read %v", r.Len(), p.wasRead())
	}
	if _, err := r.Seek(11, io.SeekStart); err == nil {
		t.Error("seek beyond the end")
	}
	_, _ = io.ReadFull(r, make([]byte, 9))
	if r.Len() != 1 || p.wasRead() {
		t.Fatalf("before the last byte: %d left, read %v", r.Len(), p.wasRead())
	}
	_, _ = io.ReadAll(r)
	if !p.wasRead() {
		t.Fatal("read to the end, but not known")
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil || p.wasRead() {
		t.Fatalf("rewound: read %v, error %v", p.wasRead(), err)
	}
	_, _ = io.ReadAll(r)
	p.rewound()
	if p.wasRead() {
		t.Fatal("a second start counts as the first")
	}
}

func TestReleasedPayloadIsNotRead(t *testing.T) {
	p := newPayload([]byte("0123456789"))
	r := p.open()
	p.release()
	if n, err := r.Read(make([]byte, 4)); n != 0 || !errors.Is(err, errReleased) {
		t.Errorf("%d bytes read of a body that is the caller's again, error %v", n, err)
	}
	if _, err := r.Seek(0, io.SeekStart); !errors.Is(err, errReleased) || r.Len() != 0 {
		t.Errorf("then: seek %v, %d bytes left", err, r.Len())
	}
}

// A transport may go on reading after the answer: one that came before the
// request was through.
func TestBodyIsNotReadAfterPut(t *testing.T) {
	read := make(chan error)
	client := cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "eu-central-1", BaseEndpoint: aws.String("http://logs.test"), Credentials: testKeys,
		HTTPClient: doFunc(func(r *http.Request) (*http.Response, error) {
			again, err := r.GetBody()
			if err != nil {
				return nil, err
			}
			go func() {
				<-read // until Put has returned
				_, err := io.ReadAll(again)
				read <- err
			}()
			w := httptest.NewRecorder()
			refuse(w, 400, "AccessDeniedException")
			return w.Result(), nil
		}),
	})
	if _, err := New(client, Settings{Group: "g"}).Put(t.Context(), request("s")); err == nil {
		t.Fatal("no error")
	}
	read <- nil
	if err := <-read; !errors.Is(err, errReleased) {
		t.Errorf("the transport read the body after Put: error %v", err)
	}
}

// A breakable is a connection that fails to write from a given write on, as one
// does that the server has closed while it was idle.
type breakable struct {
	net.Conn
	left atomic.Int32 // writes until it breaks
}

func (c *breakable) Write(b []byte) (int, error) {
	if c.left.Add(-1) < 0 {
		return 0, &net.OpError{Op: "write", Net: "tcp", Err: syscall.EPIPE}
	}
	return c.Conn.Write(b)
}

// A server or a load balancer closes connections that were idle for a while; a
// put that meets one must be neither an error nor a lost answer.
func TestStaleConnectionIsNoError(t *testing.T) {
	for _, test := range []struct {
		name          string
		writes, sends int
	}{
		{"nothing written", 0, 1}, // net/http sends again by itself
		{"header written", 1, 2},  // we do: without its body it is no request
	} {
		t.Run(test.name, func(t *testing.T) {
			srv := newServer().with("g/s")
			client, _ := overTCP(t, srv)
			var conns []*breakable
			transport := client.Options().HTTPClient.(*connections).Transport.(*http.Transport)
			transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
				conn, err := new(net.Dialer).DialContext(ctx, network, addr)
				if err != nil {
					return nil, err
				}
				c := &breakable{Conn: conn}
				c.left.Store(1000)
				conns = append(conns, c)
				return c, nil
			}
			s := New(client, Settings{Group: "g"})
			for _, sends := range []int{1, test.sends} {
				answer, err := s.Put(t.Context(), request("s"))
				if err != nil || answer.Sends != sends {
					t.Fatalf("%d sends, want %d, error %v", answer.Sends, sends, err)
				}
				conns[0].left.Store(int32(test.writes))
			}
			if len(conns) != 2 || len(srv.bodies) != 2 {
				t.Errorf("%d connections, %d bodies stored", len(conns), len(srv.bodies))
			}
		})
	}
}

func TestAPayloadKnowsWhetherItWasCut(t *testing.T) {
	p := newPayload([]byte("body"))
	r := p.open()
	for _, step := range []struct {
		read int
		cut  bool
	}{{0, false}, {2, true}, {2, false}} {
		if n, err := r.Read(make([]byte, step.read)); n != step.read || err != nil {
			t.Fatalf("Read: %d, %v", n, err)
		}
		if got := p.wasCut(); got != step.cut {
			t.Errorf("after %d more bytes: %v, want %v", step.read, got, step.cut)
		}
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil || p.wasCut() {
		t.Errorf("after Seek: %v, %v", p.wasCut(), err)
	}
}
