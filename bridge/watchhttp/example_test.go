package watchhttp_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"

	"github.com/watchtower-go/watchtower/bridge/watchhttp"
)

// printer prints records with those attributes that are the same in every run.
func printer() *slog.Logger {
	steady := []string{"level", "msg", "method", "path", "route", "query", "status", "request_id", "user", "name"}
	return slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if !slices.Contains(steady, a.Key) {
				return slog.Attr{}
			}
			return a
		},
	}))
}

// A service whose requests are logged, and whose handlers log with the ids of
// the request that they work for.
func Example() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /hello/{name}", func(w http.ResponseWriter, r *http.Request) {
		watchhttp.Logger(r.Context()).Info("greeting", "name", r.PathValue("name"))
		fmt.Fprintln(w, "hello,", r.PathValue("name"))
	})
	logged := watchhttp.Middleware(printer(), nil)
	server := httptest.NewServer(logged(mux))
	defer server.Close()

	get(server.URL + "/hello/ada?token=s3cr3t")
	get(server.URL + "/nowhere")
	// Output:
	// level=INFO msg=greeting request_id=r-1 name=ada
	// level=INFO msg=request method=GET path=/hello/ada route=/hello/{name} query="token=REDACTED" status=200 request_id=r-1
	// level=WARN msg=request method=GET path=/nowhere status=404 request_id=r-1
}

func get(url string) {
	r, _ := http.NewRequest(http.MethodGet, url, nil)
	r.Header.Set("X-Request-Id", "r-1")
	if answer, err := http.DefaultClient.Do(r); err == nil {
		answer.Body.Close()
	}
}

// What a handler finds out belongs into the one record of the request.
func ExampleAdd() {
	h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		watchhttp.Add(r.Context(), slog.String("user", "ada"))
	})
	logged := watchhttp.Middleware(printer(), &watchhttp.Options{NewRequestID: func() string { return "r-2" }})
	logged(h).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	// Output:
	// level=INFO msg=request method=GET path=/ status=200 request_id=r-2 user=ada
}
