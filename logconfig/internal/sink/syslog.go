package sink

import (
	"errors"
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

// DefaultSyslogTimeout bounds one Write where SyslogOptions.Timeout is zero. It is
// short: a program that logs must not wait for a collector that is gone.
const DefaultSyslogTimeout = 250 * time.Millisecond

// Syslog returns a sink that sends each line as one message "<priority>line\x00"
// (SysLogHandler). The level decides the priority: debug, info, warning, error,
// critical; levels in between are warnings, as in Python.
//
// A collector that does not answer is no error here; what cannot be sent is an
// error of Write, which connects again at the next line. A Write takes no longer
// than the time-out.
func Syslog(o SyslogOptions) (Sink, error) { return nil, errors.ErrUnsupported }
