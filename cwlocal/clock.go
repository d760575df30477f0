package cwlocal

import (
	"cmp"
	"net/http"
	"strconv"
	"time"
)

// nowHeader sets the server's clock for one request, in RFC 3339. It is for
// tests, and admitted as faults over HTTP are.
const nowHeader = "X-Watchtower-Now"

// amzDate is the form of X-Amz-Date.
const amzDate = "20060102T150405Z"

// setClock sets the server's clock for the call, in milliseconds since 1970.
func (c *call) setClock(w http.ResponseWriter, now int64) {
	c.now = now
	w.Header().Set("Date", time.UnixMilli(now).UTC().Format(http.TimeFormat))
}

// readClock sets the clock that the request asks for.
func (c *call) readClock(w http.ResponseWriter, r *http.Request) *apiError {
	text := r.Header.Get(nowHeader)
	if text == "" {
		return nil
	}
	if status, why := c.mayControl(r); status != 0 {
		return refuse(status, "AccessDeniedException", nowHeader+": "+why)
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.Year() < 1970 {
		return refuse(http.StatusBadRequest, "ValidationException", nowHeader+" "+strconv.Quote(text)+": want a time since 1970 in RFC 3339, such as 2026-01-31T12:00:00.5Z")
	}
	c.setClock(w, t.UnixMilli())
	return nil
}

// checkSigned refuses a request that was signed at a time too far from the
// server's clock, with the words of the service. If code is empty, it is
// InvalidSignatureException.
func (c *call) checkSigned(r *http.Request, code string) *apiError {
	text := cmp.Or(r.Header.Get("X-Amz-Date"), r.URL.Query().Get("X-Amz-Date"))
	signed, err := time.Parse(amzDate, text)
	if err != nil {
		return nil // not signed
	}
	now := time.UnixMilli(c.now).UTC()
	edge, what, sign := now.Add(-signatureWindow), "Signature expired: "+text+" is now earlier than ", "-"
	switch {
	case signed.Before(edge):
	case signed.After(now.Add(signatureWindow)):
		edge, what, sign = now.Add(signatureWindow), "Signature not yet current: "+text+" is still later than ", "+"
	default:
		return nil
	}
	message := what + edge.Format(amzDate) + " (" + now.Format(amzDate) + " " + sign + " 5 min.)"
	return refuse(http.StatusBadRequest, cmp.Or(code, "InvalidSignatureException"), message)
}
