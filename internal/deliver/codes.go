package deliver

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
)

// codes are the service's names for errors, those of the API page PutLogEvents
// (Errors) and those common to all AWS services (page CommonErrors, and what
// gateways and compatible servers say instead). The throttling ones are the
// SDK's list.
var codes = map[string]Kind{
	"ServiceUnavailableException":   Unavailable,
	"ServiceUnavailable":            Unavailable,
	"InternalServerException":       Unavailable,
	"InternalServerError":           Unavailable,
	"InternalFailure":               Unavailable,
	"InternalError":                 Unavailable,
	"RequestTimeout":                Timeout,
	"RequestTimeoutException":       Timeout,
	"ServiceQuotaExceededException": Throttled,

	"AccessDeniedException":               Denied,
	"AccessDenied":                        Denied,
	"AuthFailure":                         Denied,
	"IncompleteSignature":                 Denied,
	"IncompleteSignatureException":        Denied,
	"InvalidClientTokenId":                Denied,
	"InvalidSignatureException":           Denied,
	"KMSAccessDeniedException":            Denied,
	"NotAuthorized":                       Denied,
	"OptInRequired":                       Denied,
	"SignatureDoesNotMatch":               Denied,
	"UnauthorizedOperation":               Denied,
	"UnrecognizedClientException":         Denied,
	"MissingAuthenticationToken":          NoCredentials,
	"MissingAuthenticationTokenException": NoCredentials,
	"ExpiredToken":                        Expired,
	"ExpiredTokenException":               Expired,
	"RequestExpired":                      ClockSkew,
	"RequestTimeTooSkewed":                ClockSkew,

	"ResourceNotFoundException": Missing,

	"InvalidParameterException":   Invalid,
	"InvalidParameterValue":       Invalid,
	"InvalidParameterCombination": Invalid,
	"MalformedInputException":     Invalid,
	"SerializationException":      Invalid,
	"ValidationError":             Invalid,
	"ValidationException":         Invalid,

	"EntityTooLarge":                 TooLarge,
	"PayloadTooLargeException":       TooLarge,
	"RequestEntityTooLarge":          TooLarge,
	"RequestEntityTooLargeException": TooLarge,
	"RequestTooLargeException":       TooLarge,
}

// codeKind returns what a code means, Other if it says nothing to us.
func codeKind(err error, code string) Kind {
	if k, ok := codes[code]; ok {
		if k == Denied && isSkew(err) {
			return ClockSkew
		}
		return k
	}
	if _, ok := retry.DefaultThrottleErrorCodes[code]; ok {
		return Throttled
	}
	return Other
}

// isSkew tells whether the SDK found that the signing time was off by minutes.
// Services use the same code for that and for a wrong key; the SDK compares
// with the Date of the answer and marks the error as worth a retry, which
// among the refusals only this one is.
func isSkew(err error) bool {
	e, ok := errors.AsType[interface {
		error
		RetryableError() bool
	}](err)
	return ok && e.RetryableError()
}

// statusKind returns what an HTTP status means when the service named no
// error: the answer of a proxy, a load balancer or another server.
func statusKind(status int) Kind {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusProxyAuthRequired:
		return Denied
	case status == http.StatusRequestTimeout:
		return Timeout
	case status == http.StatusRequestEntityTooLarge:
		return TooLarge
	case status == http.StatusTooManyRequests:
		return Throttled
	case status >= 500:
		return Unavailable
	}
	return Other
}

// retryAfter returns how long the server asks to wait: x-amz-retry-after in
// milliseconds, or Retry-After in seconds or as a date (RFC 9110, 10.2.3),
// which counts from the answer's own Date because our clock may be off.
func retryAfter(h http.Header) time.Duration {
	if ms, err := strconv.ParseUint(h.Get("X-Amz-Retry-After"), 10, 31); err == nil {
		return time.Duration(ms) * time.Millisecond
	}
	v := h.Get("Retry-After")
	if s, err := strconv.ParseUint(v, 10, 31); err == nil {
		return time.Duration(s) * time.Second
	}
	until, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return max(0, until.Sub(now))
}
