package watchlambda

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"reflect"
	"sync"
)

// streaming returns what [Function.Start] gives to aws-lambda-go if the handler is a
// function that returns a reader: a function like it, whose reader knows when the
// response has ended. An events.LambdaFunctionURLStreamingResponse is such a reader, of
// a content type of its own. For all others it returns nil.
func (f *Function) streaming() any {
	handler := reflect.ValueOf(f.handler)
	if handler.Kind() != reflect.Func {
		return nil
	}
	of := handler.Type()
	ctxType, failure := reflect.TypeFor[context.Context](), reflect.TypeFor[error]()
	takesContext := of.NumIn() > 0 && of.In(0) == ctxType
	in := []reflect.Type{ctxType}
	for i := range of.NumIn() {
		if i > 0 || !takesContext {
			in = append(in, of.In(i))
		}
	}
	if len(in) > 2 || of.IsVariadic() || of.NumOut() != 2 || !of.Out(0).Implements(reflect.TypeFor[io.Reader]()) || of.Out(1) != failure {
		return nil // aws-lambda-go says what is wrong, if it is
	}
	out := []reflect.Type{reflect.TypeFor[*stream](), failure}
	return reflect.MakeFunc(reflect.FuncOf(in, out, false), func(args []reflect.Value) []reflect.Value {
		ctx := args[0].Interface().(context.Context)
		s, err := f.stream(ctx, func(ctx context.Context) (any, error) {
			args := append([]reflect.Value{reflect.ValueOf(ctx)}, args[1:]...)
			if !takesContext {
				args = args[1:]
			}
			results := handler.Call(args)
			err, _ := results[1].Interface().(error)
			return results[0].Interface(), err
		})
		return []reflect.Value{reflect.ValueOf(s), reflect.ValueOf(&err).Elem()}
	}).Interface()
}

// stream calls the handler and returns its response, which goes on while that is sent.
func (f *Function) stream(ctx context.Context, call func(context.Context) (any, error)) (*stream, error) {
	s := new(stream)
	over, err := f.handle(ctx, func(ctx context.Context) error {
		response, err := call(ctx)
		s.f, s.ctx, s.body = f, ctx, reader(response)
		return err
	})
	if err != nil {
		over() // an error is sent after the return; nothing is closed then
		return nil, err
	}
	s.over = sync.OnceFunc(over)
	return s, nil
}

// reader returns what is sent of a response: the reader itself, unless it is
// something to make JSON of, as aws-lambda-go decides it.
func reader(response any) io.Reader {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	r, ok := response.(io.Reader)
	if err := encoder.Encode(response); ok && (err != nil || bytes.HasPrefix(text.Bytes(), []byte("{}"))) {
		return r
	}
	return bytes.NewReader(bytes.TrimSuffix(text.Bytes(), []byte("\n")))
}

// A stream is a response that the function is still at work on. Without an extension
// the invocation is over when its end is read, before that is sent; with one, when
// it has been sent. It has no exported field, as a reply.
type stream struct {
	f    *Function
	ctx  context.Context // of the invocation
	body io.Reader
	over func()
}

// ContentType is what aws-lambda-go passes on: by it Lambda knows the form of a
// response of its function URLs.
func (s *stream) ContentType() string {
	if of, ok := s.body.(interface{ ContentType() string }); ok {
		return of.ContentType()
	}
	return "application/octet-stream"
}

func (s *stream) Read(p []byte) (int, error) {
	defer func() {
		if v := recover(); v != nil { // on a goroutine that nobody recovers
			s.f.panicked(s.ctx, v)
			s.f.flush(s.f.until(s.ctx))
			panic(v)
		}
	}()
	n, err := s.body.Read(p)
	if err != nil && err != io.EOF {
		s.f.write(s.ctx, slog.LevelError, "the handler failed", slog.Any("error", err))
	}
	if err != nil && s.f.ext == nil {
		s.over()
	}
	return n, err
}

func (s *stream) Close() error {
	defer s.over()
	if c, ok := s.body.(io.Closer); ok {
		return c.Close()
	}
	return nil
}
