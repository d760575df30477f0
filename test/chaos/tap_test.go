//go:build chaos && unix

package chaos

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"

	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// A tap is the transport of a client that writes down every put: the events
// before the last byte of the body is handed to the network, so that none can
// be stored that is not written down; and the answer when all of it was read,
// before the library sees it. Of a put whose answer does not come whole it
// writes that down instead. So a put with neither was under way at a kill.
type tap struct {
	out  notes
	next http.RoundTripper
	puts atomic.Int64
}

// newTap returns an AWS client that is tapped.
func newTap(c config, out notes) (*cloudwatchlogs.Client, error) {
	cfg, err := awsconfig.LoadDefaultConfig(context.Background(), awsconfig.WithBaseEndpoint(c.Endpoint))
	if err != nil {
		return nil, err
	}
	t := &tap{out: out, next: http.DefaultTransport.(*http.Transport).Clone()}
	cfg.HTTPClient = &http.Client{Transport: t, Timeout: c.Answer}
	return cloudwatchlogs.NewFromConfig(cfg), nil
}

func (t *tap) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".PutLogEvents") || r.Body == nil {
		return t.next.RoundTrip(r)
	}
	number := t.puts.Add(1)
	r = r.Clone(r.Context())
	r.Body = &tapped{ReadCloser: r.Body, left: r.ContentLength, whole: func(body []byte) {
		t.sent(number, body, r.Header.Get("Content-Encoding"))
	}}
	r.GetBody = nil
	resp, err := t.next.RoundTrip(r)
	if err != nil {
		t.out.line("f", number, 0)
		return nil, err
	}
	answer, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil { // an answer that is cut is none
		t.out.line("f", number, resp.StatusCode)
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(answer), broken{err}), io.NopCloser(nil)}
		return resp, nil
	}
	t.answered(number, resp.StatusCode, answer)
	resp.Body = io.NopCloser(bytes.NewReader(answer))
	return resp, nil
}

// sent writes down the events of a body.
func (t *tap) sent(number int64, body []byte, encoding string) {
	if encoding == "gzip" {
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err == nil {
			body, err = io.ReadAll(z)
		}
		if err != nil {
			t.out.line("e", "tap:", err)
		}
	}
	args := []any{number}
	for _, e := range tokens(body) {
		args = append(args, e)
	}
	t.out.line("s", args...)
}

// answered writes down the status and what the service rejected.
func (t *tap) answered(number int64, status int, body []byte) {
	var a struct {
		Rejected struct {
			TooOld  *int `json:"tooOldLogEventEndIndex"`
			Expired *int `json:"expiredLogEventEndIndex"`
			TooNew  *int `json:"tooNewLogEventStartIndex"`
		} `json:"rejectedLogEventsInfo"`
	}
	if err := json.Unmarshal(body, &a); err != nil && status == http.StatusOK {
		t.out.line("e", "tap:", err)
	}
	index := func(p *int) int {
		if p == nil {
			return -1
		}
		return *p
	}
	t.out.line("r", number, status, index(a.Rejected.TooOld), index(a.Rejected.Expired), index(a.Rejected.TooNew))
}

// tapped keeps a body that is read, and hands it over before its last bytes
// are given to the reader.
type tapped struct {
	io.ReadCloser
	left  int64
	body  []byte
	whole func([]byte)
}

func (b *tapped) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.body = append(b.body, p[:n]...)
	if b.left -= int64(n); b.left <= 0 && b.whole != nil {
		b.whole(b.body)
		b.whole = nil
	}
	return n, err
}

// broken is the end of an answer that was cut.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }
