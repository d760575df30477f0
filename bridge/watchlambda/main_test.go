package watchlambda_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"go.uber.org/goleak"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchlambda"
)

// The variables that make the test binary a function, and tell it which.
const (
	wayVariable     = "WATCHLAMBDA_TEST_WAY"
	timeoutVariable = "WATCHLAMBDA_TEST_FLUSH_TIMEOUT"
	marginVariable  = "WATCHLAMBDA_TEST_MARGIN"
)

const enough = 10 * time.Second // no test waits for its end

// Ways to log.
const (
	discarded = "discard" // the yardstick: records are formatted, and go nowhere
	wrapped   = "wrap"
	extended  = "extension"
)

// streams is a suffix of both: the response is one.
const streams = "-stream"

func TestMain(m *testing.M) {
	if way := os.Getenv(wayVariable); way != "" {
		function(way)
		return
	}
	goleak.VerifyTestMain(m)
}

// An order is the event that the function takes.
type order struct {
	N       int    `json:"n"`
	Records int    `json:"records"`
	Do      string `json:"do"` // what else: panic, hang, fail, stats; for streams: break, panic
}

// function is the program that runs in an environment.
func function(way string) {
	log, f := slog.New(slog.NewJSONHandler(io.Discard, nil)), (*watchlambda.Function)(nil)
	handler := func(ctx context.Context, o order) (any, error) {
		for i := range o.Records {
			log.InfoContext(ctx, "work", "n", o.N, "i", i)
		}
		switch o.Do {
		case "panic":
			panic("out of stock")
		case "hang":
			select {}
		case "fail":
			return nil, errors.New("no such order")
		case "stats":
			return f.Stats(), nil
		}
		return "done", nil
	}
	if way == discarded {
		lambda.Start(handler)
	}
	ctx := context.Background()
	h, err := watchtower.New(ctx, "orders", &watchtower.Options{
		LogStreamName: watchlambda.LogStreamName, ContextAttrs: watchlambda.Attrs,
	})
	if err != nil {
		panic(err)
	}
	log = slog.New(h)
	log.Info("init")
	opts := new(watchlambda.Options)
	opts.FlushTimeout, _ = time.ParseDuration(os.Getenv(timeoutVariable))
	opts.Margin, _ = time.ParseDuration(os.Getenv(marginVariable))
	var of any = handler
	way, isStream := strings.CutSuffix(way, streams)
	if isStream {
		of = streamHandler(log)
	}
	if way == extended {
		f = watchlambda.Extension(ctx, h, of, opts)
	} else {
		f = watchlambda.Wrap(h, of, opts)
	}
	f.Start()
}

// streamHandler answers while it logs: each line of the response waits for a record.
func streamHandler(log *slog.Logger) any {
	return func(ctx context.Context, o order) (*events.LambdaFunctionURLStreamingResponse, error) {
		if o.Do == "fail" {
			return nil, errors.New("no such order")
		}
		out, in := io.Pipe()
		go func() {
			for i := range o.Records {
				io.WriteString(in, "line\n") // returns when that is on its way
				log.InfoContext(ctx, "work", "n", o.N, "i", i)
			}
			if o.Do == "break" {
				in.CloseWithError(errors.New("out of stock"))
			}
			in.Close()
		}()
		var body io.Reader = out
		if o.Do == "panic" {
			body = io.MultiReader(out, panics{}) // when all is logged
		}
		return &events.LambdaFunctionURLStreamingResponse{StatusCode: 201, Body: body}, nil
	}
}

type panics struct{}

func (panics) Read([]byte) (int, error) { panic("out of stock") }

// payload is an order as Lambda carries it.
func payload(t *testing.T, o order) string {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
