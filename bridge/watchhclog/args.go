package watchhclog

import (
	"fmt"
	"log/slog"
	"runtime"
	"strings"

	"github.com/hashicorp/go-hclog"
)

// attrsOf makes attributes of pairs of keys and values. hclog lets anything be a
// key, and the last value be without one.
func attrsOf(args []any) []slog.Attr {
	attrs := make([]slog.Attr, 0, (len(args)+1)/2)
	for len(args) > 1 {
		attrs = append(attrs, slog.Any(keyOf(args[0]), valueOf(args[1])))
		args = args[2:]
	}
	if len(args) == 1 {
		key := hclog.MissingKey
		if _, ok := args[0].(hclog.CapturedStacktrace); ok {
			key = "stacktrace"
		}
		attrs = append(attrs, slog.Any(key, valueOf(args[0])))
	}
	return attrs
}

func keyOf(key any) string {
	if s, ok := key.(string); ok {
		return s
	}
	return fmt.Sprint(key) // whose methods may panic
}

// valueOf is a value as slog takes it.
func valueOf(v any) any {
	switch v := v.(type) {
	case hclog.Format:
		return textOf(v)
	case hclog.CapturedStacktrace:
		return string(v)
	}
	return v
}

// textOf is what a hclog.Format stands for. One that hclog.Fmt did not make may
// have no format.
func textOf(f hclog.Format) string {
	if len(f) == 0 {
		return ""
	}
	format, ok := f[0].(string)
	if !ok {
		return fmt.Sprint(f...)
	}
	return fmt.Sprintf(format, f[1:]...)
}

// source is the first caller outside of hclog and of package log, which may stand
// before it (StandardLogger).
func source() []slog.Attr {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		f, more := frames.Next()
		if !strings.Contains(f.Function, "/go-hclog.") && !strings.HasPrefix(f.Function, "log.") {
			if f.Function == "" {
				return nil
			}
			return []slog.Attr{slog.Any(slog.SourceKey, &slog.Source{Function: f.Function, File: f.File, Line: f.Line})}
		}
		if !more {
			return nil
		}
	}
}
