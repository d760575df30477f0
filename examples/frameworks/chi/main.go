// Chi is a web service with chi, whose requests are logged by the one line with Use.
package main

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os/signal"
	"syscall"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchhttp"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	h, err := watchtower.New(ctx, "chi", nil)
	exitOn(err)
	r := chi.NewRouter()
	r.Use(watchhttp.Middleware(slog.New(h), nil))
	r.Get("/hello/{name}", func(w http.ResponseWriter, r *http.Request) {
		watchhttp.Logger(r.Context()).Info("greeting")
		fmt.Fprintf(w, "hello, %s", chi.URLParam(r, "name"))
	})
	r.Get("/panic", func(http.ResponseWriter, *http.Request) { panic("lost") })
	r.Get("/stream", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "first")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0") // any free port
	exitOn(err)
	fmt.Printf("try http://%s/hello/ada\n", listener.Addr())
	server := &http.Server{Handler: r}
	go server.Serve(listener)
	<-ctx.Done()
	end, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	server.Shutdown(end) // what is under way may still log
	exitOn(h.Close(end))
}

func exitOn(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
