// Webserver is a web service whose requests are logged, each once it has ended:
// what its handlers log on the way carries the same request and trace id.
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
	"github.com/watchtower-go/watchtower/bridge/watchhttp"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	h, err := watchtower.New(ctx, "webserver", nil)
	exitOn(err)
	http.HandleFunc("GET /hello/{name}", func(w http.ResponseWriter, r *http.Request) {
		watchhttp.Logger(r.Context()).Info("greeting", "name", r.PathValue("name"))
		fmt.Fprintf(w, "hello, %s\n", r.PathValue("name"))
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0") // any free port
	exitOn(err)
	fmt.Printf("try http://%s/hello/ada\n", listener.Addr())
	logged := watchhttp.Middleware(slog.New(h), nil)
	server := &http.Server{Handler: logged(http.DefaultServeMux)}
	go server.Serve(listener)
	<-ctx.Done()
	end, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	server.Shutdown(end) // what is under way may still log
	exitOn(h.Close(end))
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
