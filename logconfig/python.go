package logconfig

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"runtime"
	"slices"
	"time"

	"github.com/watchtower-go/watchtower/logconfig/internal/pyformat"
)

// A pythonHandler writes records by a format string of Python.
//
// Attributes that the format does not show are appended to the message as
// key=value, so that nothing is lost that was logged; so are those that are called
// like a field of Python's own, for which the format shows the record's. A record whose message is
// empty has the attributes as a JSON object for its message; when it has only
// one of its own and that is a map or a struct, what that has stands in the object itself:
// what a dictionary is that was logged in Python.
type pythonHandler struct {
	w      io.Writer
	format *formatterSpec
	shown  []string // attributes that the format shows
	source bool     // it shows where the call was
	re     replace  // with hide, for what the format shows
	asJSON replace  // with hide, for what is written as JSON
	hide   redact
	name   string
	frames []frame // outermost first; the first has no group
	rest   *rest   // key=value
	object *rest   // JSON
	buf    []byte
}

func newPythonHandler(w io.Writer, f *formatterSpec, re replace, hide redact) *pythonHandler {
	h := &pythonHandler{w: w, format: f, shown: f.shown(), re: hide.after(re, false), asJSON: hide.after(re, true), hide: hide}
	h.rest = newRest(h.re, func(w io.Writer, o *slog.HandlerOptions) slog.Handler { return slog.NewTextHandler(w, o) })
	h.object = newRest(h.asJSON, func(w io.Writer, o *slog.HandlerOptions) slog.Handler { return slog.NewJSONHandler(w, o) })
	h.source = slices.ContainsFunc(append(f.parsed.Fields(), f.added...), func(field string) bool {
		return slices.Contains([]string{"pathname", "filename", "module", "lineno", "funcName"}, field)
	})
	return h
}

// A frame is what WithAttrs has added within a group.
type frame struct {
	group string
	attrs []slog.Attr
}

func (h *pythonHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h *pythonHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	d := *h
	if name, ok := nameOf(attrs); ok {
		d.name, d.frames = name, h.unnamed(name)
		return &d
	}
	d.frames = slices.Clone(h.frames)
	if len(d.frames) == 0 {
		d.frames = []frame{{}}
	}
	last := &d.frames[len(d.frames)-1]
	last.attrs = append(slices.Clip(last.attrs), attrs...)
	return &d
}

// unnamed are the frames without the name that CloudWatch handlers put first, in
// a way of their own. What they add to a record alone, such as ContextAttrs, stays.
func (h *pythonHandler) unnamed(name string) []frame {
	if name == "" || len(h.frames) == 0 {
		return h.frames
	}
	frames := slices.Clone(h.frames)
	if first := frames[0].attrs; len(first) > 0 && first[0].Equal(slog.String("logger", name)) {
		frames[0].attrs = first[1:]
	}
	return frames
}

func (h *pythonHandler) WithGroup(name string) slog.Handler {
	d := *h
	d.frames = slices.Clone(h.frames)
	if len(d.frames) == 0 {
		d.frames = []frame{{}}
	}
	d.frames = append(d.frames, frame{group: name})
	return &d
}

// Handle writes the record, with a newline.
func (h *pythonHandler) Handle(_ context.Context, r slog.Record) error {
	attrs, at := h.located(r, h.attrs(r))
	named, left := h.take(resolved(attrs))
	message := ""
	if r.Message != "" {
		message = h.message(h.hide.text(slog.MessageKey, r.Message), left)
	} else {
		message = h.objectMessage(r, left)
	}
	if message == "" && h.format.silent {
		return nil // the service takes no empty message: Python does not send it either
	}
	rec := h.record(r, named, message)
	rec.PathName, rec.Func, rec.Line = at.File, at.Function, at.Line
	if len(h.format.added) > 0 {
		rec.Message = h.addedMessage(rec, r.Message == "" && message != "")
	}
	h.buf = append(h.format.parsed.Append(h.buf[:0], rec), '\n')
	_, err := h.w.Write(h.buf)
	return err
}

// record is what the format can speak of.
func (h *pythonHandler) record(r slog.Record, named []shown, message string) *pyformat.Record {
	rec := &pyformat.Record{Name: cmp.Or(h.name, "root"), Level: r.Level, Message: message, Time: r.Time}
	if rec.Time.IsZero() {
		rec.Time = time.Now()
	}
	rec.Attr = func(key string) (slog.Value, bool) {
		for i := range named {
			if named[i].name == key {
				return named[i].value, true
			}
		}
		v, ok := h.format.defaults[key]
		return slog.StringValue(v), ok
	}
	return rec
}

// located returns where the call of r was, if the format shows it. Other loggers,
// which have no program counter, give it as an attribute at the top level; that
// is taken out, unless the format shows it by its own name.
func (h *pythonHandler) located(r slog.Record, attrs []slog.Attr) ([]slog.Attr, slog.Source) {
	if !h.source {
		return attrs, slog.Source{}
	}
	if r.PC != 0 {
		f, _ := runtime.CallersFrames([]uintptr{r.PC}).Next()
		return attrs, slog.Source{File: f.File, Function: f.Function, Line: f.Line}
	}
	for i, a := range attrs {
		if a.Key != slog.SourceKey {
			continue
		}
		src, ok := a.Value.Any().(*slog.Source)
		if !ok || src == nil {
			continue
		}
		if !slices.Contains(h.shown, slog.SourceKey) {
			attrs = slices.Delete(slices.Clone(attrs), i, i+1)
		}
		return attrs, *src
	}
	return attrs, slog.Source{}
}

// attrs are all attributes of a record, those of groups within them.
func (h *pythonHandler) attrs(r slog.Record) []slog.Attr {
	own := make([]slog.Attr, 0, r.NumAttrs())
	r.Attrs(func(a slog.Attr) bool {
		own = append(own, a)
		return true
	})
	for i := len(h.frames) - 1; i >= 0; i-- {
		f := h.frames[i]
		own = append(slices.Clip(f.attrs), own...)
		if f.group != "" {
			if len(own) == 0 {
				continue
			}
			own = []slog.Attr{{Key: f.group, Value: slog.GroupValue(own...)}}
		}
	}
	return own
}

// replaced is an attribute as it is shown; without a key it is not.
func (re replace) replaced(groups []string, a slog.Attr) slog.Attr {
	a.Value = a.Value.Resolve()
	if re != nil && a.Value.Kind() != slog.KindGroup {
		a = re(groups, a)
		a.Value = a.Value.Resolve()
	}
	return a
}
