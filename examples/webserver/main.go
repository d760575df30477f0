// Webserver is a web service whose requests each have a logger of their own:
// all that is logged for one carries its path and the load balancer's trace id.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/watchtower-go/watchtower"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	h, err := watchtower.New(ctx, "webserver", nil)
	exitOn(err)
	slog.SetDefault(slog.New(h))
	http.HandleFunc("GET /hello/{name}", func(w http.ResponseWriter, r *http.Request) {
		logger := r.Context().Value(loggerKey{}).(*slog.Logger)
		logger.Info("greeting", "name", r.PathValue("name"))
		fmt.Fprintf(w, "hello, %s\n", r.PathValue("name"))
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0") // any free port
	exitOn(err)
	fmt.Printf("try http://%s/hello/ada\n", listener.Addr())
	server := &http.Server{Handler: logged(http.DefaultServeMux)}
	go server.Serve(listener)
	<-ctx.Done()
	end, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	server.Shutdown(end) // what is under way may still log
	exitOn(h.Close(end))
}

type loggerKey struct{}

// logged gives each request its logger, and logs how long the request took.
func logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		l := slog.With(slog.Group("request", "path", r.URL.Path, "trace", r.Header.Get("X-Amzn-Trace-Id")))
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), loggerKey{}, l)))
		l.Info("served", "took", time.Since(began))
	})
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
