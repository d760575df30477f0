package chaos

import (
	"maps"
	"net"
	"slices"
	"sync"
	"testing"
	"time"
)

// A proxy carries bytes between the client and the server, as badly as it is
// told to.
type proxy struct {
	listener net.Listener
	target   string

	mu      sync.Mutex
	mood    mood
	changed chan struct{} // closed when the mood changes
	pairs   map[*pair]bool
	running sync.WaitGroup
}

// A mood is what the network is like. The zero value is a good one.
type mood struct {
	refuse bool          // connections end as soon as they are made
	hold   bool          // nothing arrives
	mute   bool          // an answer ends the connection instead of arriving
	delay  time.Duration // of each piece
	rate   int           // bytes a second; 0: no bound
}

// A pair is one connection of the client and the one that stands behind it.
type pair struct {
	front, back *net.TCPConn
	over        chan struct{} // closed when it is to end
	gone        chan struct{} // closed when it has ended
	end         sync.Once
}

// newProxy starts one; the end of the test stops it.
func newProxy(t *testing.T, target string) *proxy {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: listener, target: target, changed: make(chan struct{}), pairs: map[*pair]bool{}}
	var accepting sync.WaitGroup
	accepting.Go(p.accept)
	t.Cleanup(func() {
		listener.Close()
		accepting.Wait()
		p.reset()
		p.running.Wait()
	})
	return p
}

func (p *proxy) url() string { return "http://" + p.listener.Addr().String() }

// set changes what the network is like.
func (p *proxy) set(m mood) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mood = m
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *proxy) now() (mood, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mood, p.changed
}

// reset ends all connections, with a reset rather than an end, and returns
// when nothing of them is under way any more. A client that lives may have
// made others by then: these are not waited for, they may last as long as it.
func (p *proxy) reset() {
	p.mu.Lock()
	ending := slices.Collect(maps.Keys(p.pairs))
	for _, c := range ending {
		c.close(true)
	}
	p.mu.Unlock()
	for _, c := range ending {
		<-c.gone
	}
}

func (p *proxy) accept() {
	for {
		front, err := p.listener.Accept()
		if err != nil {
			return
		}
		if m, _ := p.now(); m.refuse {
			front.Close()
			continue
		}
		back, err := net.DialTimeout("tcp", p.target, time.Second)
		if err != nil { // the server is down
			front.Close()
			continue
		}
		c := &pair{front: front.(*net.TCPConn), back: back.(*net.TCPConn), over: make(chan struct{}), gone: make(chan struct{})}
		p.mu.Lock()
		p.pairs[c] = true
		p.running.Add(1)
		if p.mood.refuse { // since it was looked at
			c.close(true)
		}
		p.mu.Unlock()
		go p.carry(c)
	}
}

// carry serves one connection to its end.
func (p *proxy) carry(c *pair) {
	defer p.running.Done()
	defer close(c.gone)
	var both sync.WaitGroup
	both.Go(func() { p.copy(c, c.back, c.front, false) })
	both.Go(func() { p.copy(c, c.front, c.back, true) })
	both.Wait()
	c.close(false)
	p.mu.Lock()
	delete(p.pairs, c)
	p.mu.Unlock()
}

// copy carries one direction, piece by piece, until either side ends.
func (p *proxy) copy(c *pair, to, from *net.TCPConn, answers bool) {
	buf := make([]byte, 8<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			if !p.let(c, n, answers) {
				c.close(true)
				return
			}
			if _, err := to.Write(buf[:n]); err != nil {
				c.close(true)
				return
			}
		}
		if err != nil {
			_ = to.CloseWrite() // it may be gone
			return
		}
	}
}

// let waits as the mood has it, and reports whether a piece may pass.
func (p *proxy) let(c *pair, n int, answers bool) bool {
	m, changed := p.now()
	for m.hold {
		select {
		case <-changed:
		case <-c.over:
			return false
		}
		m, changed = p.now()
	}
	if m.mute && answers {
		return false
	}
	wait := m.delay
	if m.rate > 0 {
		wait += time.Duration(n) * time.Second / time.Duration(m.rate)
	}
	if wait > 0 {
		select {
		case <-time.After(wait):
		case <-c.over:
			return false
		}
	}
	return true
}

// close ends both connections, with a reset if that is wanted.
func (c *pair) close(reset bool) {
	c.end.Do(func() {
		close(c.over)
		for _, conn := range []*net.TCPConn{c.front, c.back} {
			if reset {
				_ = conn.SetLinger(0)
			}
			conn.Close()
		}
	})
}
