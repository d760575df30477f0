// Echo is a web service with echo, which answers errors after its own middleware.
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

	"github.com/labstack/echo/v4"
	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchhttp"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	h, err := watchtower.New(ctx, "echo", nil)
	exitOn(err)
	e := echo.New()
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			watchhttp.SetRoute(c.Request().Context(), c.Path())
			return next(c)
		}
	})
	e.GET("/hello/:name", func(c echo.Context) error {
		watchhttp.Logger(c.Request().Context()).Info("greeting")
		return c.String(http.StatusOK, "hello, "+c.Param("name"))
	})
	e.GET("/panic", func(echo.Context) error { panic("lost") })
	e.GET("/stream", func(c echo.Context) error {
		fmt.Fprintln(c.Response(), "first")
		c.Response().Flush()
		<-c.Request().Context().Done()
		return nil
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0") // any free port
	exitOn(err)
	fmt.Printf("try http://%s/hello/ada\n", listener.Addr())
	server := &http.Server{Handler: watchhttp.Middleware(slog.New(h), nil)(e)}
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
