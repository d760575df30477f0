package deliver

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// A Failure is what [Classify] made of an error.
type Failure struct {
	Kind Kind
	// RetryAfter is how long the server asked to be left alone; zero if it
	// did not.
	RetryAfter time.Duration
	// Lost tells that the answer is what failed: the whole request went out,
	// so its events may be stored. Otherwise they certainly are not.
	Lost bool
	// Slow tells that the time was up while the body was on its way out.
	Slow bool
	// Creating tells that it was the creation of a group or a stream that
	// failed.
	Creating bool
	// Status is the HTTP status of the answer, zero if there was none.
	Status int
	// Code is the service's name for the error, such as "ThrottlingException";
	// empty if it named none.
	Code string
}

// A sendError is the failure of one PutLogEvents.
type sendError struct {
	err   error
	whole bool // the transport took the body to its end
	cut   bool // it took a part of the body
}

func (e *sendError) Error() string { return e.err.Error() }
func (e *sendError) Unwrap() error { return e.err }

// Classify says what an error of [Sender.Put] means. It looks at types, codes
// and status, never at text.
func Classify(err error) Failure {
	if err == nil {
		return Failure{}
	}
	f := Failure{Lost: mayBeStored(err)}
	if e, ok := errors.AsType[smithy.APIError](err); ok && e.ErrorCode() != unknownCode {
		f.Code = e.ErrorCode()
	}
	if answer := response(err); answer != nil {
		f.Status = answer.StatusCode
		f.RetryAfter = retryAfter(answer.Header)
	}
	f.Kind = kindOf(err, f)
	if e, ok := errors.AsType[*sendError](err); ok {
		f.Slow = f.Kind == Timeout && e.cut
	}
	f.Creating = as[*createError](err)
	if f.Creating && (f.Kind == Invalid || f.Kind == TooLarge) {
		f.Kind = Missing // it was not the events that were refused
	}
	return f
}

// unknownCode is what the SDK calls an error without a name.
const unknownCode = "UnknownError"

// kindOf asks in the order of how sure the signs are: what we know ourselves,
// then the service's own word, then the status, then the transport.
func kindOf(err error, f Failure) Kind {
	if _, ok := errors.AsType[*MissingError](err); ok {
		return Missing
	}
	if errors.Is(err, context.Canceled) {
		return Cancelled
	}
	if _, ok := errors.AsType[*credentialsError](err); ok {
		return credentialsKind(err)
	}
	if f.Code != "" {
		if k := codeKind(err, f.Code); k != Other {
			return k
		}
	}
	// A success that cannot be read is an answer lost on its way.
	if f.Status != 0 && f.Status/100 != 2 {
		return statusKind(f.Status)
	}
	return transportKind(err)
}

// response returns the HTTP answer that err stems from, or nil.
func response(err error) *http.Response {
	e, ok := errors.AsType[*smithyhttp.ResponseError](err)
	if !ok || e.Response == nil || e.Response.Response == nil || e.Response.StatusCode == 0 {
		return nil
	}
	return e.Response.Response
}

// mayBeStored tells whether the request of err went out whole with no word
// from the service on what became of it.
func mayBeStored(err error) bool {
	for _, is := range []func(error) bool{as[*credentialsError], as[*createError], as[*MissingError], as[*ProtocolError], isDial} {
		if is(err) {
			return false
		}
	}
	if answer := response(err); answer != nil {
		switch answer.StatusCode {
		case http.StatusBadGateway, http.StatusGatewayTimeout:
			return true // a proxy lost the answer
		}
		return answer.StatusCode/100 == 2 // taken, but the details are unreadable
	}
	if e, ok := errors.AsType[*sendError](err); ok {
		return e.whole && !isWrite(err)
	}
	// Not from Put: an error of the transport may be anything.
	return as[*smithyhttp.RequestSendError](err)
}

func as[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}

// isDial tells that there never was a connection.
func isDial(err error) bool {
	if as[*net.DNSError](err) {
		return true
	}
	e, ok := errors.AsType[*net.OpError](err)
	return ok && (e.Op == "dial" || e.Op == "proxyconnect" || e.Op == "socks connect")
}

// isWrite tells that the end of the request did not even reach the network. The
// transport may have taken the whole body into its buffer by then.
func isWrite(err error) bool {
	e, ok := errors.AsType[*net.OpError](err)
	return ok && (e.Op == "write" || e.Op == "readfrom")
}

// transportKind classifies the failure of a request that got no answer, or
// none that could be read.
func transportKind(err error) Kind {
	timeout, isTimeout := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	switch {
	case as[*net.DNSError](err):
		return DNS
	case errors.Is(err, context.DeadlineExceeded), isTimeout && timeout.Timeout():
		return Timeout
	case isDial(err), errors.Is(err, http.ErrSchemeMismatch), as[*tls.CertificateVerificationError](err), as[tls.RecordHeaderError](err), as[tls.AlertError](err):
		return Unreachable
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, net.ErrClosed),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return Reset
	case as[*smithyhttp.RequestSendError](err), as[*smithy.DeserializationError](err):
		return Reset // net/http has errors without a type for a connection that broke
	}
	return Other
}

// credentialsKind classifies the failure of a credential provider.
func credentialsKind(err error) Kind {
	if as[*ssocreds.InvalidTokenError](err) {
		return Expired // the sign-in is; a new one heals it
	}
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		switch k := codeKind(err, e.ErrorCode()); k {
		case Expired, Denied, Throttled:
			return k
		}
	}
	return NoCredentials
}
