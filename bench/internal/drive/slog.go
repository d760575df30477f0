package drive

import (
	"context"
	"log/slog"
	"time"
)

// HandlerOptions are those of slog.JSONHandler for the load.
func (l *Load) HandlerOptions() *slog.HandlerOptions {
	return &slog.HandlerOptions{AddSource: !l.Plain}
}

// Slog logs the load through a handler in the way that all peers with a slog
// front end are asked: attributes and a group given beforehand, the source, and
// five attributes by call. With streams, the one is named by a With-attribute.
func (l *Load) Slog(h slog.Handler, end func() error) *Logger {
	derive := func(tenant string) *slog.Logger {
		lg := slog.New(h)
		if l.Streams > 0 {
			lg = lg.With("tenant", tenant)
		}
		if l.Plain {
			return lg
		}
		return lg.With("service", "checkout", "version", 7).WithGroup("request")
	}
	loggers := make([]*slog.Logger, max(1, l.Streams))
	for i := range loggers {
		loggers[i] = derive(l.Stream(i))
	}
	text, ctx := l.Text(), context.Background()
	if end == nil {
		end = func() error { return nil }
	}
	return &Logger{Close: end, Flush: func() error { return nil }, Log: func(i int) {
		level := slog.LevelInfo
		if l.Drop && i%10 == 0 {
			level = slog.LevelWarn // so that there is a lowest one to drop
		}
		loggers[i%len(loggers)].LogAttrs(ctx, level, text,
			slog.String("method", "GET"), slog.Int("status", 200+i%7),
			slog.Duration("took", time.Duration(i%1_000_003)*1000), slog.Bool("cached", i%3 == 0),
			slog.String("trace_id", Trace(i)))
	}}
}
