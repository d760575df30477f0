package sink

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// SyslogOptions says where a Syslog sink sends its lines, and as what.
type SyslogOptions struct {
	// Address is "host:port", "host" for port 514, or the absolute path of a
	// Unix socket such as /dev/log. If empty, it is localhost:514.
	Address string
	// SockType is "udp" or "tcp"; "dgram" and "stream" (and Python's
	// socket.SOCK_DGRAM and SOCK_STREAM, with or without ext://) mean the same
	// and are the words for Unix sockets. If empty, it is udp for a host; for
	// a Unix socket dgram is tried and then stream.
	SockType string
	// Facility is the name of a facility as syslog.h has it in lower case
	// ("local0"), or its number. If empty, it is "user".
	Facility string
	// Ident is put before each line.
	Ident string
	// NoNUL leaves out the NUL byte that ends each message otherwise
	// (append_nul false).
	NoNUL bool
	// Timeout is how long one Write may take in all, with the connecting. If
	// zero, it is DefaultSyslogTimeout.
	Timeout time.Duration
}

// Wrong is what Syslog would refuse, by the key of a configuration: facility,
// socktype, address.
func (o SyslogOptions) Wrong() map[string]error {
	wrong := map[string]error{}
	if _, err := facility(o.Facility); err != nil {
		wrong["facility"] = err
	}
	if _, err := socketKind(o.SockType); err != nil {
		wrong["socktype"] = err
	} else if _, _, err := endpoint(o.Address, o.SockType); err != nil {
		wrong["address"] = err
	}
	return wrong
}

// DefaultSyslogTimeout bounds one Write where SyslogOptions.Timeout is zero. It is
// short: a program that logs must not wait for a collector that is gone.
const DefaultSyslogTimeout = 250 * time.Millisecond

// resolveEvery is how long datagrams go to the same socket. A collector may
// move, and nothing tells who sends datagrams; Python looks its name up for
// each.
const resolveEvery = time.Minute

// pause is how long no connection is tried after one that ran out of time, so
// that a program goes on at nearly its own speed beside a collector that is
// gone.
const pause = time.Second

// Syslog returns a sink that sends each line as one message "<priority>line\x00"
// (SysLogHandler). The level decides the priority: debug, info, warning, error,
// critical; levels in between are warnings, as in Python.
//
// A collector that does not answer is no error here: the first Write connects.
// What cannot be sent is an error of Write, after it connected anew and tried
// once more; the next one begins with a connection of its own. A Write takes
// no longer than the time-out, the waiting for others included, and for a
// second after a connection ran out of time each fails at once. That a datagram
// was refused is known when the next one is sent: that one returns it.
func Syslog(o SyslogOptions) (Sink, error) {
	s := &syslog{ident: o.Ident, nul: !o.NoNUL, timeout: o.Timeout, turn: make(chan struct{}, 1)}
	if s.timeout <= 0 {
		s.timeout = DefaultSyslogTimeout
	}
	var err error
	if s.facility, err = facility(o.Facility); err != nil {
		return nil, err
	}
	if s.networks, s.address, err = endpoint(o.Address, o.SockType); err != nil {
		return nil, err
	}
	return s, nil
}

// The holder of the turn, a channel so that waiting for it has an end, owns
// what is below it.
type syslog struct {
	networks []string // those to try, in order
	address  string
	facility int
	ident    string
	nul      bool
	timeout  time.Duration

	turn      chan struct{}
	conn      *wire
	closed    bool
	notBefore time.Time // of the next connection
	last      error     // why
	buf       []byte
}

func (s *syslog) Write(level slog.Level, _ time.Time, line []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), s.timeout)
	defer cancel()
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return fmt.Errorf("syslog %s: %w: other lines are waiting for it", s.address, os.ErrDeadlineExceeded)
	}
	if s.closed {
		return ErrClosed
	}
	if err := s.send(ctx, s.message(level, line)); err != nil {
		return fmt.Errorf("syslog %s: %w", s.address, err)
	}
	return nil
}

func (s *syslog) Close() error {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	s.closed = true
	return s.hangUp()
}

// message puts the line into the form of the protocol.
func (s *syslog) message(level slog.Level, line []byte) []byte {
	if cap(s.buf) > maxKept {
		s.buf = nil
	}
	b := append(s.buf[:0], '<')
	b = strconv.AppendInt(b, int64(s.facility<<3|severity(level)), 10)
	b = append(b, '>')
	b = append(b, s.ident...)
	b = append(b, line...)
	if s.nul {
		b = append(b, 0)
	}
	s.buf = b
	return b
}

// send sends a message. What fails on a connection that stood is tried once
// more on a new one.
func (s *syslog) send(ctx context.Context, message []byte) error {
	if s.conn != nil && s.conn.stale() {
		// The error of a connection that is given up anyway says nothing.
		_ = s.hangUp()
	}
	if s.conn == nil {
		if err := s.connect(ctx); err != nil {
			return err
		}
		return s.put(ctx, message)
	}
	err := s.put(ctx, message)
	if err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	datagrams := s.networks[0] == "udp"
	if again := s.connect(ctx); again != nil {
		return again
	}
	if again := s.put(ctx, message); again != nil {
		return again
	}
	if datagrams {
		return fmt.Errorf("an earlier line was lost: %w", err)
	}
	return nil
}

// put writes to the connection, and hangs up when that fails: a part of the
// message may be out.
func (s *syslog) put(ctx context.Context, message []byte) error {
	deadline, _ := ctx.Deadline()
	err := s.conn.SetWriteDeadline(deadline)
	if err == nil {
		_, err = s.conn.Write(message)
	}
	if err != nil {
		return errors.Join(err, s.hangUp())
	}
	return nil
}

// connect tries the networks in order.
func (s *syslog) connect(ctx context.Context) error {
	if time.Now().Before(s.notBefore) {
		return fmt.Errorf("not tried again yet: %w", s.last)
	}
	var err error
	for _, network := range s.networks {
		var d net.Dialer
		var conn net.Conn
		if conn, err = d.DialContext(ctx, network, s.address); err == nil {
			s.conn = newWire(conn, network)
			return nil
		}
	}
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		s.notBefore, s.last = time.Now().Add(pause), err
	}
	return err
}

func (s *syslog) hangUp() error {
	if s.conn == nil {
		return nil
	}
	c := s.conn
	s.conn = nil
	return c.hangUp()
}

// socketKind reads the kind of socket: udp, tcp, or empty for what suits the
// address.
func socketKind(sockType string) (string, error) {
	switch strings.TrimPrefix(strings.TrimPrefix(sockType, "ext://"), "socket.") {
	case "":
		return "", nil
	case "udp", "dgram", "SOCK_DGRAM":
		return "udp", nil
	case "tcp", "stream", "SOCK_STREAM":
		return "tcp", nil
	}
	return "", fmt.Errorf("socktype %q: it is udp or tcp, or for a Unix socket dgram or stream", sockType)
}

// endpoint reads the address and the kind of socket.
func endpoint(address, sockType string) (networks []string, at string, err error) {
	kind, err := socketKind(sockType)
	if err != nil {
		return nil, "", err
	}
	if strings.HasPrefix(address, "/") {
		return map[string][]string{"": {"unixgram", "unix"}, "udp": {"unixgram"}, "tcp": {"unix"}}[kind], address, nil
	}
	if address == "" {
		address = "localhost"
	}
	if !strings.Contains(address, ":") || strings.HasSuffix(address, "]") {
		address = net.JoinHostPort(strings.Trim(address, "[]"), "514")
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil || host == "" || port == "" {
		return nil, "", fmt.Errorf("address %q: write host:port, [IPv6 address]:port, or the path of a Unix socket from its root on", address)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return nil, "", fmt.Errorf("address %q: a port is a number from 1 to 65535", address)
	}
	return []string{cmp.Or(kind, "udp")}, address, nil
}
