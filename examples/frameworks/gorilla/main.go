// Gorilla is a web service with gorilla/mux, whose own middleware sees no 404.
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

	"github.com/gorilla/mux"
	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchhttp"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	h, err := watchtower.New(ctx, "gorilla", nil)
	exitOn(err)
	r := mux.NewRouter()
	r.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			route, _ := mux.CurrentRoute(r).GetPathTemplate()
			watchhttp.SetRoute(r.Context(), route)
			next.ServeHTTP(w, r)
		})
	})
	r.HandleFunc("/hello/{name}", func(w http.ResponseWriter, r *http.Request) {
		watchhttp.Logger(r.Context()).Info("greeting")
		fmt.Fprintf(w, "hello, %s", mux.Vars(r)["name"])
	})
	r.HandleFunc("/panic", func(http.ResponseWriter, *http.Request) { panic("lost") })
	r.HandleFunc("/stream", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "first")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0") // any free port
	exitOn(err)
	fmt.Printf("try http://%s/hello/ada\n", listener.Addr())
	server := &http.Server{Handler: watchhttp.Middleware(slog.New(h), nil)(r)}
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
