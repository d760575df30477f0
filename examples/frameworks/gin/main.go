// Gin is a web service with gin, whose answers are logged as they were sent.
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

	"github.com/gin-gonic/gin"
	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchhttp"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	h, err := watchtower.New(ctx, "gin", nil)
	exitOn(err)
	gin.SetMode(gin.ReleaseMode)
	g := gin.New()
	g.Use(func(c *gin.Context) { watchhttp.SetRoute(c.Request.Context(), c.FullPath()) })
	g.GET("/hello/:name", func(c *gin.Context) {
		watchhttp.Logger(c.Request.Context()).Info("greeting")
		c.String(http.StatusOK, "hello, %s", c.Param("name"))
	})
	g.GET("/panic", func(*gin.Context) { panic("lost") })
	g.GET("/stream", func(c *gin.Context) {
		fmt.Fprintln(c.Writer, "first")
		c.Writer.Flush()
		<-c.Writer.CloseNotify()
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0") // any free port
	exitOn(err)
	fmt.Printf("try http://%s/hello/ada\n", listener.Addr())
	server := &http.Server{Handler: watchhttp.Middleware(slog.New(h), nil)(g)}
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
