// Package watchhclog is hclog's door to watchtower: a sink whose records go to
// CloudWatch Logs. hclog is the logger of HashiCorp's programs and plug-ins.
//
//	logger := hclog.NewInterceptLogger(&hclog.LoggerOptions{Name: "app"})
//	logger.RegisterSink(watchhclog.New(h, nil))
//
// What the logger writes to its own output stays as it is; with hclog.Off for its level
// that ends, and sinks still get everything. IsDebug and its like answer by
// the level of the logger, not by that of a sink.
//
// # Messages
//
// A call becomes what slog would make of it: JSON with the keys time, level, msg,
// logger (hclog's name), source (with IncludeLocation), then the arguments of With and
// of the call, or what [watchtower.Options] say: Format, NewFormatter and
// ReplaceAttr work as for slog. hclog.Fmt is its text; Hex, Octal and Binary
// are numbers, as in hclog's JSON. The key of a value without one is
// hclog.MissingKey, or "stacktrace" for a hclog.Stacktrace. A value can be one of
// slog, such as that of a [watchtower.Metric]. A value whose methods panic becomes the text
// "!PANIC: …".
//
// Placeholders {attr:KEY} of the log stream's name stand for arguments, {logger_name} for
// the name that Named gave. hclog knows no contexts, so that ContextAttrs of the handler's
// options has nothing to look at.
//
// # Levels
//
// Trace is the slog level -8, which is written as DEBUG-4; NoLevel is Info. A
// ReplaceAttr can call them otherwise. AtLevel tells which is which.
package watchhclog

import (
	"context"
	"log/slog"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/internal/named"
)

// Options tell [New] how to log. The zero value is a good one.
type Options struct {
	// Level is the lowest level that is logged. If hclog.NoLevel, that of the
	// handler.
	Level hclog.Level
	// IncludeLocation adds the source: what called the logger. It is found by
	// walking the stack, which costs more than the rest.
	IncludeLocation bool
}

// New returns a sink that logs through h. A record that is lost at once is no
// error for hclog: the handler's Stats and OnError tell of it. hclog calls its sinks one
// after the other, under a lock, so that one call that waits (WhenFull: Block, Sync)
// holds up all loggers of the family. hclog has no Fatal: the program closes h before
// it exits. opts may be nil.
func New(h *watchtower.Handler, opts *Options) hclog.SinkAdapter {
	if opts == nil {
		opts = new(Options)
	}
	return &sink{h: h, level: opts.Level, location: opts.IncludeLocation}
}

type sink struct {
	h        *watchtower.Handler
	names    named.Handlers // of h
	level    hclog.Level
	location bool
}

// Accept makes one event of a call.
func (s *sink) Accept(name string, level hclog.Level, msg string, args ...any) {
	at := AtLevel(level)
	if s.level == hclog.NoLevel {
		if !s.h.Enabled(context.Background(), at) {
			return
		}
	} else if at < AtLevel(s.level) {
		return
	}
	r := slog.NewRecord(time.Now(), at, msg, 0)
	if attrs := attrsOf(args); len(attrs) > 0 {
		r.AddAttrs(slog.Attr{Value: slog.GroupValue(attrs...)}) // a group without a name costs no copy
	}
	var top []slog.Attr
	if s.location {
		top = source()
	}
	_ = s.names.Of(s.h, name).HandleTop(context.Background(), top, r) // told by the handler
}

// AtLevel returns the level at which records of a level of hclog are logged: four
// apart, Info at slog.LevelInfo.
func AtLevel(l hclog.Level) slog.Level {
	if l == hclog.NoLevel {
		return slog.LevelInfo
	}
	return 4 * (slog.Level(l) - slog.Level(hclog.Info))
}
