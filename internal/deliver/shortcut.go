package deliver

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
)

// A shortcut makes puts in the likeness of one that the SDK has made. For each
// request the SDK builds a stack of thirty middlewares, and lets each of them find out
// again what is the same every time: more than half of all that a put allocates.
//
// So the SDK makes the first put by itself, and is watched: what it has signed becomes the
// form of those that follow. To each of them belong its body, the credentials, which
// are asked for each time, the time, by the skew that the SDK keeps with the client, a
// number, and the signature, by the client's signer. The steps behind the signature are
// the SDK's, left over from the watched put: they send, read the answer and say what is
// wrong with it.
//
// The SDK makes all puts by itself where one might come out differently than another:
// see [alike] and [shortcut.newForm]. After an error it makes the next one, and it makes
// those for which there is no tail because others have them.
type shortcut struct {
	creds  aws.CredentialsProvider
	signer cloudwatchlogs.HTTPSignerV4
	values context.Context // what the SDK tells through the context of all puts

	form   atomic.Pointer[form] // nil: the SDK makes the next put
	misses atomic.Int32         // puts in a row that made no form

	mu    sync.Mutex
	tails []*tail // that no put has
}

const (
	// operation is the SDK's name of a put.
	operation = "PutLogEvents"
	// maxTails is how many are kept: as many as puts may well be in flight.
	maxTails = 16
	// maxMisses in a row is when to stop looking for a form, which costs a second
	// signature. One may be missed by chance, when the credentials change.
	maxMisses = 8
)

// newShortcut returns the shortcut of a client, or nil if there is none. A nil one may
// be used.
func newShortcut(client *cloudwatchlogs.Client, creds aws.CredentialsProvider) *shortcut {
	o := client.Options()
	if creds == nil || !alike(o) {
		return nil
	}
	ctx := middleware.ClearStackValues(context.Background())
	ctx = middleware.WithServiceID(ctx, cloudwatchlogs.ServiceID)
	ctx = middleware.WithOperationName(ctx, operation)
	ctx = middleware.SetLogger(ctx, o.Logger)
	ctx = awsmiddleware.SetServiceID(ctx, cloudwatchlogs.ServiceID)
	ctx = awsmiddleware.SetRegion(ctx, o.Region)
	ctx = awsmiddleware.SetOperationName(ctx, operation)
	return &shortcut{creds: creds, signer: o.HTTPSignerV4, values: ctx}
}

// take returns what to make a put with, or nil if the SDK has to make it.
func (s *shortcut) take() (*form, *tail) {
	if s == nil {
		return nil, nil
	}
	f := s.form.Load()
	if f == nil {
		return nil, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.tails) == 0 {
		return nil, nil
	}
	last := len(s.tails) - 1
	t := s.tails[last]
	s.tails = s.tails[:last]
	return f, t
}

// give takes t back from a put that has ended with out or err. What an error has
// come through is not used again.
func (s *shortcut) give(ctx context.Context, t *tail, out *cloudwatchlogs.PutLogEventsOutput, err error) {
	if s == nil {
		return
	}
	if err != nil || t.rest == nil {
		s.form.Store(nil)
		return
	}
	if t.signed != nil && s.form.Load() == nil && s.misses.Load() < maxMisses {
		f := s.newForm(ctx, t)
		if f == nil {
			s.misses.Add(1)
		} else {
			s.misses.Store(0)
		}
		s.form.Store(f)
	}
	t.signed = nil
	*out = cloudwatchlogs.PutLogEventsOutput{} // t writes the next answer over this one
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.tails) < maxTails {
		s.tails = append(s.tails, t)
	}
}

// put sends a body.
func (s *shortcut) put(
	ctx context.Context, f *form, t *tail, load *payload, compressed bool,
) (*cloudwatchlogs.PutLogEventsOutput, error) {
	out, err := s.send(&sdkContext{ctx, s.values}, f, t, load, compressed)
	if err != nil {
		return nil, &smithy.OperationError{ServiceID: cloudwatchlogs.ServiceID, OperationName: operation, Err: err}
	}
	return out, nil
}

func (s *shortcut) send(
	ctx context.Context, f *form, t *tail, load *payload, compressed bool,
) (*cloudwatchlogs.PutLogEventsOutput, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	skew := f.skew.Load()
	req, err := s.request(ctx, f, time.Duration(skew), load, compressed)
	if err != nil {
		return nil, err
	}
	out, md, err := t.rest.HandleFinalize(ctx, middleware.FinalizeInput{Request: req})
	if now, ok := awsmiddleware.GetAttemptSkew(md); ok {
		f.skew.Store(int64(now))
	}
	if err != nil {
		return nil, judged(skew, md, err)
	}
	return out.Result.(*cloudwatchlogs.PutLogEventsOutput), nil
}

// judged returns err as the SDK's loop of attempts does, which marks a refusal for which
// the clock is to blame: that it is off by much more, by md, than the signature allowed for.
func judged(skew int64, md middleware.Metadata, err error) error {
	loop := retry.NewAttemptMiddleware(aws.NopRetryer{}, func(req any) any { return req }, func(a *retry.Attempt) {
		a.ClientSkew = new(atomic.Int64)
		a.ClientSkew.Store(skew)
	})
	_, _, err = loop.HandleFinalize(context.Background(), middleware.FinalizeInput{}, middleware.FinalizeHandlerFunc(
		func(context.Context, middleware.FinalizeInput) (middleware.FinalizeOutput, middleware.Metadata, error) {
			return middleware.FinalizeOutput{}, md, err
		}))
	return err
}

// An sdkContext is the context of a put with what the SDK tells of all of them: the
// service, the operation, the region, the logger. It lacks what only the steps before
// the signature are for, such as the hash of the body.
type sdkContext struct {
	context.Context
	values context.Context
}

// Value implements context.Context.
func (c *sdkContext) Value(key any) any {
	if v := c.values.Value(key); v != nil {
		return v
	}
	return c.Context.Value(key)
}
