package deliver

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// A put is one call of Sender.Put: one request, or a few when something is
// missing, gzip is refused or the clock is off.
type put struct {
	s      *Sender
	r      *Request
	stream *stream
	sends  int
}

// appearing are the pauses before what was created is looked for again: the
// service is eventually consistent and may deny a stream for a moment that it
// has just confirmed.
var appearing = [...]time.Duration{0, 50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond, 800 * time.Millisecond}

func (p *put) run(ctx context.Context) (Answer, error) {
	seen := p.stream.seen()
	answer, err := p.send(ctx)
	if !isNotFound(err) {
		return answer, err
	}
	if err := p.s.makeStream(ctx, p.r.Stream, p.stream, seen); err != nil {
		return answer, err
	}
	for _, pause := range appearing {
		if err := sleep(ctx, pause); err != nil {
			return answer, err
		}
		if answer, err = p.send(ctx); !isNotFound(err) {
			break
		}
	}
	return answer, err
}

// send puts the body compressed where that is given and welcome, else plain.
func (p *put) send(ctx context.Context) (Answer, error) {
	if p.r.Gzip == nil || !p.s.Compress() {
		return p.exchange(ctx, p.r.Body, false)
	}
	answer, err := p.exchange(ctx, p.r.Gzip, true)
	if err == nil {
		p.s.gzipRead.Store(true)
	}
	if err == nil || p.s.gzipRead.Load() || !gzipRefused(err) {
		return answer, err
	}
	// The refusal may be of the content rather than of its encoding: as long as
	// no compressed body was taken, only the same content sent plain can tell.
	answer, plainErr := p.exchange(ctx, p.r.Body, false)
	if plainErr == nil && p.s.gzipOff.CompareAndSwap(false, true) {
		p.s.notify(&GzipError{Err: err})
	}
	return answer, plainErr
}

// exchange sends one body, and once more where that needs no patience: the SDK
// learns the server's time from every answer and keeps it with the client, so a
// signature refused for the clock only has to be made again; and a connection
// that broke before the request was through is often one that the server had
// closed while it was idle.
func (p *put) exchange(ctx context.Context, body []byte, compressed bool) (Answer, error) {
	answer, err := p.once(ctx, body, compressed)
	if err == nil {
		return answer, nil
	}
	f := Classify(err)
	if f.Kind == Expired {
		p.s.forgetCredentials()
	}
	if f.Kind == ClockSkew || f.Kind == Reset && !f.Lost {
		return p.once(ctx, body, compressed)
	}
	return answer, err
}

// none stands in for the events in the SDK's input: its validation wants them,
// the body has them.
var none = []types.InputLogEvent{}

func (p *put) once(ctx context.Context, body []byte, compressed bool) (Answer, error) {
	p.sends++
	load := newPayload(body)
	// The engine reuses its buffers, and the transport may still be writing
	// when an answer comes early or the context ends.
	defer load.release()

	var out *cloudwatchlogs.PutLogEventsOutput
	var err error
	form, t := p.s.short.take()
	if t != nil {
		out, err = p.s.short.put(ctx, form, t, load, compressed)
	} else {
		t = new(tail)
		out, err = p.long(ctx, t, load, compressed)
	}
	answer := newAnswer(out, compressed)
	p.s.short.give(ctx, t, out, err)
	if _, stored := errors.AsType[*types.DataAlreadyAcceptedException](err); stored {
		return answer, nil
	}
	if err != nil {
		return answer, &sendError{err: err, whole: load.wasRead(), cut: load.wasCut()}
	}
	return answer, nil
}

// long has the SDK make a put, watched by t.
func (p *put) long(ctx context.Context, t *tail, load *payload, compressed bool) (*cloudwatchlogs.PutLogEventsOutput, error) {
	return p.s.client.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{
		LogGroupName:  &p.s.settings.Group,
		LogStreamName: &p.r.Stream,
		LogEvents:     none,
	}, func(o *cloudwatchlogs.Options) {
		p.s.perCall(o)
		o.Retryer = aws.NopRetryer{}
		ready := &readyBody{protocol: o.Protocol, load: load, compressed: compressed}
		o.APIOptions = append(o.APIOptions, ready.addTo)
		if p.s.short != nil {
			o.APIOptions = append(o.APIOptions, t.addTo)
		}
	})
}

// perCall sets what all our calls have in common.
func (s *Sender) perCall(o *cloudwatchlogs.Options) {
	if s.creds != nil {
		o.Credentials = s.creds
	}
}

func newAnswer(out *cloudwatchlogs.PutLogEventsOutput, compressed bool) Answer {
	a := Answer{TooOldEnd: -1, ExpiredEnd: -1, TooNewStart: -1, Compressed: compressed}
	if out == nil {
		return a
	}
	if e := out.RejectedEntityInfo; e != nil {
		a.EntityErr = string(e.ErrorType)
	}
	if r := out.RejectedLogEventsInfo; r != nil {
		a.TooOldEnd = index(r.TooOldLogEventEndIndex)
		a.ExpiredEnd = index(r.ExpiredLogEventEndIndex)
		a.TooNewStart = index(r.TooNewLogEventStartIndex)
	}
	return a
}

func index(i *int32) int {
	if i == nil {
		return -1
	}
	return int(*i)
}

// gzipRefused tells whether err can mean that the server did not understand a
// compressed body. Servers that ignore Content-Encoding see noise where JSON
// should be; what they call it differs, some find no operation at all (404),
// some fall over (500 without a code).
func gzipRefused(err error) bool {
	f := Classify(err)
	switch f.Status {
	case http.StatusBadRequest:
		return f.Kind == Invalid || f.Kind == Other
	case http.StatusNotFound, http.StatusUnsupportedMediaType, http.StatusNotImplemented:
		return !isNotFound(err)
	case http.StatusInternalServerError:
		return f.Code == ""
	}
	return false
}

func isNotFound(err error) bool {
	_, ok := errors.AsType[*types.ResourceNotFoundException](err)
	return ok
}

// sleep waits for d or for the end of ctx, whose error it returns then.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
