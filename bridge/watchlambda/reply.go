package watchlambda

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"sync"
)

// serve is what [Function.Start] gives to aws-lambda-go: a handler whose response
// is a reader, which is closed when it has been sent. Nothing else in that package
// tells so.
func (f *Function) serve(ctx context.Context, payload json.RawMessage) (*reply, error) {
	if f.ext == nil {
		response, err := f.Invoke(ctx, payload)
		return &reply{bytes.NewReader(response), func() {}}, err
	}
	response, over, err := f.answer(ctx, payload)
	if err != nil {
		over() // an error is sent after the return; nothing is closed then
		return nil, err
	}
	return &reply{bytes.NewReader(response), sync.OnceFunc(over)}, nil
}

// A reply is a response on its way. aws-lambda-go closes it when Lambda has taken it; before
// v1.46.0, net/http did as soon as it was written. It has no exported field, so that lambda-go
// takes it for a reader, not for something to make JSON of.
type reply struct {
	body io.Reader
	sent func()
}

func (r *reply) Read(p []byte) (int, error) { return r.body.Read(p) }

func (r *reply) Close() error {
	r.sent()
	return nil
}
