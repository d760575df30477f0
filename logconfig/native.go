package logconfig

import (
	"io"
	"log/slog"
)

// A replace rewrites or removes attributes, as in slog.HandlerOptions.
type replace func(groups []string, a slog.Attr) slog.Attr

// handler returns a handler that writes each record to w, for one goroutine at
// a time. If re is not nil, a format of Python has the attributes as it returns
// them.
func (f *formatterSpec) handler(w io.Writer, re replace, hide redact) slog.Handler {
	if f.native == "" {
		return newPythonHandler(w, f, re, hide)
	}
	opts := &slog.HandlerOptions{Level: everything, AddSource: f.addSource, ReplaceAttr: hide.after(nil, f.native == "json")}
	if f.native == "json" {
		return &nativeHandler{slog.NewJSONHandler(w, opts)}
	}
	return &nativeHandler{slog.NewTextHandler(w, opts)}
}

// A loggerName is the value of the attribute by which handlers hear whose
// records they get. It is the first attribute that they are given, except that
// CloudWatch handlers say the name in a way of their own before, and what they
// add to a record.
type loggerName string

func nameAttr(name string) slog.Attr { return slog.Any("logger", loggerName(name)) }

// nameOf returns the name in attributes that have nothing else.
func nameOf(attrs []slog.Attr) (string, bool) {
	if len(attrs) != 1 {
		return "", false
	}
	n, ok := attrs[0].Value.Any().(loggerName)
	return string(n), ok
}

// A nativeHandler is one of log/slog that writes the logger's name, except the
// root's, as the attribute "logger".
type nativeHandler struct{ slog.Handler }

func (h *nativeHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	if name, ok := nameOf(attrs); ok {
		if name == "" {
			return h
		}
		attrs = []slog.Attr{nameAttr(name)} // not a string: it is not redacted
	}
	return &nativeHandler{h.Handler.WithAttrs(attrs)}
}

func (h *nativeHandler) WithGroup(name string) slog.Handler {
	return &nativeHandler{h.Handler.WithGroup(name)}
}
