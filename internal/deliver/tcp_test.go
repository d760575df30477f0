package deliver

import (
	"bytes"
	"context"
	"io"
	"net"
	"runtime"
	"testing"
)

// dialed returns both ends of a connection that a client of ours has dialed.
func dialed(t *testing.T) (client io.ReaderFrom, server net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := dialer(new(net.Dialer).DialContext).frugal(context.Background(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if server, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return c.(io.ReaderFrom), server
}

// onlyReader hides all that a reader can do but that.
type onlyReader struct{ io.Reader }

func TestABodyIsCopiedThroughMemoryThatIsUsedAgain(t *testing.T) {
	client, server := dialed(t)
	body := bytes.Repeat([]byte("0123456789abcdef"), 64<<10) // 1 MiB
	const times = 20
	got, all := make(chan []byte), make([]byte, len(body))
	go func() {
		for range times {
			if _, err := io.ReadFull(server, all); err != nil {
				break
			}
		}
		got <- all
	}()
	var before, after runtime.MemStats
	for i := range times {
		if i == 1 { // the first made the buffer
			runtime.ReadMemStats(&before)
		}
		if n, err := client.ReadFrom(onlyReader{bytes.NewReader(body)}); n != int64(len(body)) || err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
	}
	runtime.ReadMemStats(&after)
	if !bytes.Equal(<-got, body) {
		t.Error("what arrived is not what was sent")
	}
	// A garbage collection may empty the pool, once.
	if n := after.TotalAlloc - before.TotalAlloc; n > 3*copyBytes && !raceEnabled {
		t.Errorf("%d bytes were allocated for %d bodies", n, times-1)
	}
}

func TestAFailedDialGivesItsError(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	c, err := dialer(new(net.Dialer).DialContext).frugal(context.Background(), "tcp", addr)
	if err == nil || c != nil {
		t.Errorf("connection %v, error %v", c, err)
	}
}
