package chaos

import (
	"io"
	"net"
	"testing"
	"time"
)

// This file and the proxy have no build tag: go test ./... runs them.

// TestResetWaitsForNoConnectionMadeSince is what a living client does in a
// reset: as one connection ends it makes the next, before the proxy has done
// with the first. A reset that waits for all connections waits for that one
// too, and hangs for as long as the client lives.
func TestResetWaitsForNoConnectionMadeSince(t *testing.T) {
	p := newProxy(t, echo(t))
	client, err := p.connect()
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	next := make(chan net.Conn, 1)
	p.beforeEnd(func() {
		c, err := p.connect()
		if err != nil {
			t.Error("the client's next connection:", err)
		}
		next <- c
	})
	ended := make(chan struct{})
	go func() {
		p.reset()
		close(ended)
	}()
	living := <-next
	if living == nil {
		t.FailNow()
	}
	defer living.Close() // which would end the wait
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Fatal("the reset waits for a connection that was made since")
	}
	if err := exchange(living); err != nil {
		t.Error("the reset ended a connection that was made since:", err)
	}
	if _, err := client.Read(make([]byte, 1)); err == nil {
		t.Error("the reset left a connection that was there")
	}
}

// connect returns a connection through the proxy that works.
func (p *proxy) connect() (net.Conn, error) {
	c, err := net.Dial("tcp", p.listener.Addr().String())
	if err != nil {
		return nil, err
	}
	return c, exchange(c)
}

// beforeEnd calls f when the one connection that there is ends, before the
// proxy has done with it.
func (p *proxy) beforeEnd(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running.Add(1)
	for c := range p.pairs {
		go func() {
			defer p.running.Done()
			<-c.over
			f()
		}()
	}
}

// echo starts a server that says what it hears.
func echo(t *testing.T) (address string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = io.Copy(c, c) // until either side ends
			}()
		}
	}()
	return listener.Addr().String()
}

// exchange says a word and hears it.
func exchange(c net.Conn) error {
	if _, err := c.Write([]byte("word")); err != nil {
		return err
	}
	_, err := io.ReadFull(c, make([]byte, len("word")))
	return err
}
