package main

import (
	"context"
	"io"
	"log/slog"
	"time"
)

func init() {
	peers["slog"] = func(l *load) (*logger, error) {
		return l.slog(slog.NewJSONHandler(io.Discard, &slog.HandlerOptions{AddSource: true}), nil), nil
	}
}

// slog logs the load through a handler in the way that all peers with a slog
// front end are asked: attributes and a group given beforehand, the source, and
// five attributes by call. With streams, the one is named by a With-attribute.
func (l *load) slog(h slog.Handler, end func() error) *logger {
	derive := func(tenant string) *slog.Logger {
		lg := slog.New(h)
		if l.Streams > 0 {
			lg = lg.With("tenant", tenant)
		}
		return lg.With("service", "checkout", "version", 7).WithGroup("request")
	}
	loggers := make([]*slog.Logger, max(1, l.Streams))
	for i := range loggers {
		loggers[i] = derive(l.stream(i))
	}
	text, ctx := l.text(), context.Background()
	if end == nil {
		end = func() error { return nil }
	}
	return &logger{close: end, flush: func() error { return nil }, log: func(i int) {
		loggers[i%len(loggers)].LogAttrs(ctx, slog.LevelInfo, text,
			slog.String("method", "GET"), slog.Int("status", 200+i%7),
			slog.Duration("took", time.Duration(i%1_000_003)*1000), slog.Bool("cached", i%3 == 0),
			slog.String("trace_id", traces[i%len(traces)]))
	}}
}
