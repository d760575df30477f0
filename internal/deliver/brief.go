package deliver

import (
	"errors"
	"net"
	"net/url"
	"os"

	"github.com/aws/smithy-go"
)

// A briefError is an error of the SDK's that says what is wrong and no more: not
// that there is no status and no request number where there was no answer, nor
// each of the layers that it came through. These are its cause.
type briefError struct {
	text string
	err  error
}

func (e *briefError) Error() string { return e.text }
func (e *briefError) Unwrap() error { return e.err }

// brief returns err, or one with less to read if there was no connection, no answer
// or no credentials.
func brief(err error) error {
	if err == nil || as[*createError](err) {
		return err // is brief already
	}
	if e, ok := errors.AsType[*credentialsError](err); ok {
		return &briefError{e.Error(), err}
	}
	e, ok := errors.AsType[*url.Error](err)
	if !ok || response(err) != nil {
		return err // the service's own words are better
	}
	what := "no answer from "
	if isDial(err) || transportKind(err) == Unreachable {
		what = "cannot reach "
	}
	return &briefError{what + e.URL + ": " + transportText(e.Err), err}
}

// transportText is what a connection failed for, less the addresses, which stand in
// the URL, except for those of a proxy.
func transportText(err error) string {
	op, ok := errors.AsType[*net.OpError](err)
	if !ok || op.Op == "proxyconnect" || op.Op == "socks connect" {
		return err.Error()
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.SyscallError](err); ok {
		return e.Err.Error()
	}
	return op.Err.Error()
}

// nowhere reports whether err is that of the last place where the SDK looks for
// credentials, the role of an EC2 instance: there were none before it either.
func nowhere(err error) bool {
	e, ok := errors.AsType[*smithy.OperationError](err)
	return ok && e.ServiceID == "ec2imds"
}
