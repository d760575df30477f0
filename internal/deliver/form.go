package deliver

import (
	"context"
	"crypto/rand"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	smithyrand "github.com/aws/smithy-go/rand"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Headers that each put has for itself. The SDK's signer writes the first three.
const (
	authorization = "Authorization"
	signedAt      = "X-Amz-Date"
	sessionToken  = "X-Amz-Security-Token"
	invocationID  = "Amz-Sdk-Invocation-Id"
	attemptOf     = "Amz-Sdk-Request"
	encoding      = "Content-Encoding"

	// amzTime is how times are written in them.
	amzTime = "20060102T150405Z"
)

// common are the headers that all puts of a client have in common.
var common = []string{"Content-Type", "X-Amz-Target", "User-Agent"}

var gzipEncoding = []string{"gzip"}

// A form is what all puts of a client have in common. It does not change.
type form struct {
	url             url.URL
	header          http.Header // those in common
	attempt         string      // which one of how many: the first of one
	region, service string      // the scope of signatures
	skew            *atomic.Int64
}

// An entry is what one put has for itself beside its body.
type entry struct {
	credentials         aws.Credentials
	time                time.Time
	invocation, attempt string
	compressed          bool
}

// newForm makes a form of the put that the SDK has sent through t. It returns nil if
// that put cannot be made again from the form, the same to the byte: if it has a header
// that is not known here, or is signed in another way.
func (s *shortcut) newForm(ctx context.Context, t *tail) *form {
	req := t.signed
	body, ok := req.GetStream().(*payloadReader)
	if !ok || t.skew == nil {
		return nil
	}
	h := req.Header
	e := entry{invocation: h.Get(invocationID), attempt: h.Get(attemptOf), compressed: h.Get(encoding) != ""}
	f := &form{url: *req.URL, header: make(http.Header), skew: t.skew}
	for _, name := range common {
		f.header[name] = h[name]
	}
	f.attempt, _, _ = strings.Cut(e.attempt, "; ttl=")
	if f.region, f.service, ok = scope(h.Get(authorization)); !ok {
		return nil
	}
	var err error
	if e.time, err = time.Parse(amzTime, h.Get(signedAt)); err != nil {
		return nil
	}
	if e.credentials, err = s.creds.Retrieve(ctx); err != nil {
		return nil
	}
	again, err := s.fill(ctx, f, &e, body.p)
	if err != nil || again.Method != req.Method || again.Host != req.Host ||
		again.ContentLength != req.ContentLength || !reflect.DeepEqual(again.Header, h) {
		return nil
	}
	return f
}

// scope returns the region and the service of a signature, whose header has
// Credential=KEY/DATE/REGION/SERVICE/aws4_request in it.
func scope(authorization string) (region, service string, ok bool) {
	_, credential, _ := strings.Cut(authorization, "Credential=")
	credential, _, _ = strings.Cut(credential, ",")
	parts := strings.Split(credential, "/")
	if len(parts) < 5 {
		return "", "", false
	}
	parts = parts[len(parts)-3:]
	return parts[0], parts[1], true
}

// request makes a put of a body, signed by a clock that is off by skew.
func (s *shortcut) request(
	ctx context.Context, f *form, skew time.Duration, load *payload, compressed bool,
) (*smithyhttp.Request, error) {
	credentials, err := s.creds.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	id, err := smithyrand.NewUUID(rand.Reader).GetUUID()
	if err != nil {
		return nil, err
	}
	e := entry{credentials: credentials, time: time.Now().Add(skew), invocation: id, attempt: f.attempt, compressed: compressed}
	if end, ok := ctx.Deadline(); ok && skew > 0 { // as the SDK has it
		e.attempt += "; ttl=" + end.Add(skew).Format(amzTime)
	}
	return s.fill(ctx, f, &e, load)
}

// fill fills in a form, and signs it.
func (s *shortcut) fill(ctx context.Context, f *form, e *entry, load *payload) (*smithyhttp.Request, error) {
	req, err := load.into(&smithyhttp.Request{Request: &http.Request{Method: http.MethodPost}})
	if err != nil {
		return nil, err
	}
	at := f.url
	req.URL, req.Header = &at, make(http.Header, len(common)+6)
	maps.Copy(req.Header, f.header)
	values := []string{e.invocation, e.attempt}
	req.Header[invocationID], req.Header[attemptOf] = values[:1:1], values[1:]
	if e.compressed {
		req.Header[encoding] = gzipEncoding
	}
	return req, s.signer.SignHTTP(ctx, e.credentials, req.Request, sha256Hex(load.body), f.service, f.region, e.time, asTheSDK)
}

// asTheSDK sets what the SDK sets of a signer for each request to this service.
func asTheSDK(o *v4.SignerOptions) {
	o.DisableURIPathEscaping, o.LogSigning = false, false
}
