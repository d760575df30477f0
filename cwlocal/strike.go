package cwlocal

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// signatureWindow is how far the time of a signature may be from the service's
// clock (IAM User Guide, "Elements of an AWS API request signature").
const signatureWindow = 5 * time.Minute

// strikeEarly applies the faults that come before the body is read. It does
// not return when one cuts the connection.
func (c *call) strikeEarly(r *http.Request, op string) {
	if !c.faults.any(func(a *activeFault) bool { return a.kind.early }) {
		return
	}
	for _, f := range c.faults.take(&faultTarget{op: op, early: true}) {
		wait(r.Context(), f.Delay)
		if f.Kind == FaultResetRequest {
			half := int64(512) // of a body whose length is not said
			if r.ContentLength >= 0 {
				half = r.ContentLength / 2
			}
			_, _ = io.CopyN(io.Discard, r.Body, half) // a body that ends earlier is cut as well
		}
		cut(r)
	}
}

// strike applies the other faults: it waits, returns the answer that takes the
// place of the operation's, cuts the connection, or changes what the call goes
// on with. The answer is to be written to the writer that it returns.
func (c *call) strike(w http.ResponseWriter, r *http.Request) (http.ResponseWriter, *apiError) {
	if !c.faults.any(func(*activeFault) bool { return true }) {
		return w, nil
	}
	t := c.target()
	for _, f := range c.faults.take(t) {
		wait(r.Context(), f.Delay)
		switch f.Kind {
		case FaultReset:
			cut(r)
		case FaultLoseAnswer, FaultResetAnswer:
			return &cutWriter{ResponseWriter: w, cut: func() { cut(r) }, half: f.Kind == FaultResetAnswer}, nil
		case FaultReject:
			c.reject.merge(f, len(t.events))
		case FaultClockSkew:
			c.setClock(w, c.now+f.Skew.Milliseconds())
			if err := c.checkSigned(r, f.Code); err != nil {
				return w, err
			}
		case FaultDelay:
		default:
			return w, f.answer(c, t)
		}
	}
	return w, nil
}

// wait waits for d or, when the client goes first, ends the request.
func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		panic(http.ErrAbortHandler) // nobody waits for the answer
	}
}

// answer returns the error of a fault that answers with one.
func (f *Fault) answer(c *call, t *faultTarget) *apiError {
	err := refuse(http.StatusBadRequest, "InvalidParameterException", "Invalid log event: it contains "+fmt.Sprintf("%q", f.Text)) // FaultPoison
	switch f.Kind {
	case FaultThrottle:
		err = refuse(http.StatusBadRequest, "ThrottlingException", "Rate exceeded")
	case FaultAccessDenied:
		err = refuse(http.StatusBadRequest, "AccessDeniedException", accessDenied(c))
	case FaultExpiredToken:
		err = refuse(http.StatusBadRequest, "ExpiredTokenException", "The security token included in the request is expired")
	case FaultMaxEvent:
		err = tooLargeEvent(t.oversize(f.Bytes), f.Bytes)
	case FaultFail:
		err = f.failure(c)
	}
	err.retryAfter = f.RetryAfter
	return err
}

func accessDenied(c *call) string {
	action := "logs:" + c.op
	if c.op == "GetCallerIdentity" {
		action = "sts:" + c.op
	}
	return "User: arn:" + partition(c.region) + ":iam::" + c.cfg.AccountID + ":root is not authorized to perform: " + action +
		" because no identity-based policy allows the " + action + " action"
}

// failure is the error of FaultFail.
func (f *Fault) failure(c *call) *apiError {
	err := refuse(f.Status, "InvalidParameterException", "An injected fault.")
	switch {
	case f.Status == http.StatusServiceUnavailable:
		err.code, err.message = "ServiceUnavailableException", "The service cannot complete the request."
	case f.Status >= 500 || f.Status == 0:
		err.code, err.message = "InternalFailure", "The service has failed."
	case f.Status == http.StatusForbidden:
		err.code, err.message = "AccessDeniedException", accessDenied(c)
	case f.Status == http.StatusTooManyRequests:
		err.code, err.message = "ThrottlingException", "Rate exceeded"
	}
	if err.status == 0 {
		err.status = http.StatusInternalServerError
	}
	if f.Code != "" {
		err.code = f.Code
	}
	if f.Message != "" {
		err.message = f.Message
	}
	return err
}
