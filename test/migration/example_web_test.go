package migration

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchhttp"
	"github.com/watchtower-go/watchtower/bridge/watchlambda"
)

func Example_web() {
	ctx := context.Background()
	h, err := watchtower.New(ctx, "web", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		watchhttp.Logger(r.Context()).Info("paid", "order", r.PathValue("id")) // with the request's id
		fmt.Fprintln(w, "thank you")
	})
	logged := watchhttp.Middleware(slog.New(h), nil)(mux) // http.ListenAndServe(":8080", logged)

	logged.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/orders/17?token=abc", nil))
	h.Close(ctx)
	show("web")
	// Output:
	// {"level":"INFO","msg":"paid","order":"17"}
	// {"level":"INFO","msg":"request","method":"GET","path":"/orders/17","route":"/orders/{id}","query":"token=REDACTED","proto":"HTTP/1.1","status":200,"bytes_in":0,"bytes_out":10}
}

// Start does not return: examples/lambda is run in an environment that freezes.
func Example_lambda() {
	ctx := context.Background()
	h, err := watchtower.New(ctx, "orders", &watchtower.Options{
		LogStreamName: watchlambda.LogStreamName, ContextAttrs: watchlambda.Attrs,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	handle := func(ctx context.Context, id int) (string, error) {
		slog.New(h).InfoContext(ctx, "order received", "id", id)
		return "thank you", nil
	}
	watchlambda.Extension(ctx, h, handle, nil).Start()
}

func Example_invoke() {
	ctx := context.Background()
	h, err := watchtower.New(ctx, "invoked", &watchtower.Options{ContextAttrs: watchlambda.Attrs})
	if err != nil {
		fmt.Println(err)
		return
	}
	f := watchlambda.Wrap(h, func(ctx context.Context, id int) (string, error) {
		slog.New(h).InfoContext(ctx, "order received", "id", id)
		return "thank you", nil
	}, nil)
	invocation := lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: "4711"})
	response, err := f.Invoke(invocation, []byte("17"))
	fmt.Println(string(response), err)
	show("invoked") // delivered before Invoke returned
	// Output:
	// "thank you" <nil>
	// {"level":"INFO","msg":"order received","requestId":"4711","coldStart":true,"id":17}
}
