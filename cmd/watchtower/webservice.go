package main

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/watchtower-go/watchtower"
)

// A webService logs as a small web service does; it is the program that the
// demo plays. Each part of it has a logger with a name.
type webService struct {
	app, http, db *slog.Logger
}

// newWebService gives each logger two handlers side by side: the console, and
// CloudWatch Logs.
func newWebService(console slog.Handler, cloud *watchtower.Handler) *webService {
	named := func(name string) *slog.Logger {
		onConsole := console.WithAttrs([]slog.Attr{slog.String("logger", name)})
		return slog.New(slog.NewMultiHandler(onConsole, cloud.Named(name)))
	}
	return &webService{app: named("app"), http: named("app.http"), db: named("app.db")}
}

// The burst: so many requests, served by so many goroutines.
const (
	burstWorkers  = 8
	burstRequests = 10_000
)

// start logs what comes before the first request.
func (s *webService) start() {
	s.app.Info("starting", "version", "1.4.2", slog.Group("config", "workers", burstWorkers))
	s.db.Info("connected", slog.Group("pool", "min", 2, "max", 16))
	s.app.Info("listening", "addr", ":8080")
}

// serve logs the burst, at a level that the console leaves out. Each worker
// numbers its requests, so that order can be told after reading them back.
func (s *webService) serve() {
	var workers sync.WaitGroup
	for w := range burstWorkers {
		log := s.http.With("worker", w)
		workers.Go(func() {
			for n := range burstRequests / burstWorkers {
				log.Debug("GET /orders", "n", n, "status", 200, "took", time.Duration(n%900)*time.Microsecond)
			}
		})
	}
	workers.Wait()
}

// fail logs a slow query, and a request that failed below several calls.
func (s *webService) fail() {
	s.db.Warn("slow query", "query", "orders", "took", 1204*time.Millisecond)
	if err := loadOrder(); err != nil {
		s.http.Error("GET /orders/7", "err", err)
	}
}

// stop logs the end.
func (s *webService) stop() {
	s.app.Info("stopped", "requests", burstRequests+1)
}

func loadOrder() error {
	if err := queryOrder(); err != nil {
		return fmt.Errorf("db: %w", err)
	}
	return nil
}

func queryOrder() error { return withStack(errors.New("timeout")) }

// A tracedError knows where it was made.
type tracedError struct {
	error
	frames []string
}

func (e *tracedError) Unwrap() error { return e.error }

// withStack records the functions that are being called, the innermost first.
func withStack(err error) error {
	const caller, depth = 2, 3 // leave out runtime.Callers and withStack itself
	pc := make([]uintptr, depth)
	frames := runtime.CallersFrames(pc[:runtime.Callers(caller, pc)])
	e := &tracedError{error: err}
	for frame, more := frames.Next(); ; frame, more = frames.Next() {
		name := frame.Function[strings.LastIndexByte(frame.Function, '/')+1:]
		e.frames = append(e.frames, fmt.Sprintf("%s %s:%d", name, filepath.Base(frame.File), frame.Line))
		if !more {
			return e
		}
	}
}

// traced makes of an error that knows its stack a group of both; it is the
// ReplaceAttr of the handler for CloudWatch.
func traced(_ []string, a slog.Attr) slog.Attr {
	if err, ok := a.Value.Any().(error); ok {
		if e, ok := errors.AsType[*tracedError](err); ok {
			return slog.Group(a.Key, "msg", err.Error(), "stack", e.frames)
		}
	}
	return a
}

// brief is the ReplaceAttr of the console: the time of day is enough there.
func brief(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && a.Key == slog.TimeKey {
		return slog.String(a.Key, a.Value.Time().UTC().Format(time.TimeOnly))
	}
	return a
}
