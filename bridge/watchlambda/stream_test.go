package watchlambda

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

type described struct {
	io.Reader `json:"-"`
	Name      string
}

func TestFunctionsThatReturnReadersStream(t *testing.T) {
	for _, c := range []struct {
		handler any
		want    bool
	}{
		{func() (*events.LambdaFunctionURLStreamingResponse, error) { return nil, nil }, true},
		{func(context.Context) (io.Reader, error) { return nil, nil }, true},
		{func(any) (io.Reader, error) { return nil, nil }, true},
		{func(context.Context, int) (*bytes.Buffer, error) { return nil, nil }, true},
		{func(context.Context, int) (any, error) { return nil, nil }, false},
		{func(int, int) (io.Reader, error) { return nil, nil }, false},
		{func(...int) (io.Reader, error) { return nil, nil }, false},
		{func() io.Reader { return nil }, false},
		{func() {}, false},
		{lambda.NewHandler(func() (io.Reader, error) { return nil, nil }), false},
		{7, false},
		{nil, false},
	} {
		f := &Function{handler: c.handler}
		if got := f.streaming() != nil; got != c.want {
			t.Errorf("%T streams: %t", c.handler, got)
		}
	}
}

// aws-lambda-go decides by the same rule.
func TestReaderThatIsJSONIsSentAsSuch(t *testing.T) {
	for _, made := range []func() any{
		func() any { return strings.NewReader("text") },
		func() any { return bytes.NewBufferString("<a>") },
		func() any { return described{strings.NewReader("text"), "<a>"} },
		func() any { return (*events.LambdaFunctionURLStreamingResponse)(nil) },
		func() any { return &events.LambdaFunctionURLStreamingResponse{Body: strings.NewReader("b")} },
	} {
		want, err := lambda.NewHandler(func() (any, error) { return made(), nil }).Invoke(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(reader(made())); err != nil || string(got) != string(want) {
			t.Errorf("%T: %q, not %q, %v", made(), got, want, err)
		}
	}
}
