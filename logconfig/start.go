package logconfig

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"reflect"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/logconfig/internal/sink"
)

// start starts the handlers of a plan, except those of old that can go on as
// they are. If one does not start, none that was started here is left.
func (c *Config) start(p *plan, old *tree) (*tree, error) {
	r := &reader{name: p.name, lines: p.lines}
	outputs := map[string]*output{}
	var fresh []*output
	for _, name := range sortedKeys(p.handlers) {
		spec := p.handlers[name]
		if o := old.goesOn(spec); o != nil {
			outputs[name] = o
			continue
		}
		o, err := c.open(spec, old)
		if err != nil {
			r.refused(spec, err)
			continue
		}
		outputs[name] = o
		fresh = append(fresh, o)
	}
	if err := r.err(); err != nil {
		for _, o := range fresh {
			o.discard()
		}
		return nil, err
	}
	return newTree(p, outputs), nil
}

// goesOn returns what an output of the tree becomes for a handler of the next: the
// same, or one with the same sink and another format; nil if it has to be opened.
func (t *tree) goesOn(spec *handlerSpec) *output {
	if t == nil || t.outputs[spec.name] == nil {
		return nil
	}
	o := t.outputs[spec.name]
	switch {
	case o.spec.same(spec):
		return o
	case o.sink != nil && reflect.DeepEqual(o.spec.setting, spec.setting):
		return &output{spec: spec, sink: o.sink, told: o.told, context: o.context, redact: o.redact}
	}
	return nil
}

// writes reports whether a handler of the tree writes the file.
func (t *tree) writes(filename string) bool {
	if t == nil {
		return false
	}
	for _, o := range t.outputs {
		if f, ok := o.spec.setting.(interface{ Path() string }); ok && f.Path() == filename {
			return true
		}
	}
	return false
}

// discard closes an output that nothing was logged to.
func (o *output) discard() {
	if o.cloud != nil {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_ = o.cloud.Close(ctx)
	}
	_ = o.close()
}

// open starts a handler. A file that a handler of old writes is gone on with,
// whatever its mode: what was logged so far stays.
func (c *Config) open(spec *handlerSpec, old *tree) (*output, error) {
	o := &output{spec: spec, told: &teller{handler: spec.name, tell: c.tell}, context: c.opts.ContextAttrs, redact: c.opts.Redact}
	var err error
	switch s := spec.setting.(type) {
	case *cloudWatch:
		o.cloud, err = c.openCloudWatch(spec, s)
	case streamSetting:
		o.sink = sink.Stream(c.stream(s))
	case nullSetting:
		o.sink = sink.Null()
	case sink.FileOptions:
		if old.writes(s.Path()) {
			s.Mode = "a"
		}
		o.sink, err = sink.File(s)
	case sink.RotatingOptions:
		if old.writes(s.Path()) {
			s.Mode = "a"
		}
		o.sink, err = sink.Rotating(s)
	case sink.TimedOptions:
		o.sink, err = sink.TimedRotating(s)
	case sink.SyslogOptions:
		o.sink, err = sink.Syslog(s)
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w: make the folder first", err)
	}
	return o, err
}

// stream is what a stream handler writes to.
func (c *Config) stream(s streamSetting) io.Writer {
	switch {
	case s.stdout && c.opts.Stdout != nil:
		return c.opts.Stdout
	case s.stdout:
		return os.Stdout
	case c.opts.Stderr != nil:
		return c.opts.Stderr
	}
	return os.Stderr
}

// openCloudWatch starts a CloudWatch handler. The level is not its own affair.
func (c *Config) openCloudWatch(spec *handlerSpec, s *cloudWatch) (*watchtower.Handler, error) {
	o := s.own()
	o.Level = everything
	o.ContextAttrs, o.Redact = c.opts.ContextAttrs, c.opts.Redact
	var re replace // what Options.Watchtower sets
	switch f := spec.formatter; f.native {
	case "":
		o.NewFormatter = func(w io.Writer) slog.Handler { return f.handler(w, re, o.Redact) }
	default:
		o.Format, o.AddSource = formats[f.native], f.addSource
	}
	if c.opts.OnError != nil {
		o.OnError = func(err error) { c.opts.OnError(named(spec.name, err)) }
	}
	if c.opts.Watchtower != nil {
		c.opts.Watchtower(spec.name, &o)
	}
	if err := spec.misplaced(&o); err != nil {
		return nil, err
	}
	re = replacing(o.ReplaceAttr, o.EncodeAny)
	return watchtower.New(context.Background(), s.group, &o)
}

// replacing is what a format of Python has of ReplaceAttr and EncodeAny.
func replacing(re replace, encode func(any) (any, bool)) replace {
	if encode == nil {
		return re
	}
	return func(groups []string, a slog.Attr) slog.Attr {
		if re != nil {
			a = re(groups, a)
		}
		if a.Value = a.Value.Resolve(); a.Value.Kind() == slog.KindAny && a.Value.Any() != nil {
			a.Value = encoded(encode, a.Value)
		}
		return a
	}
}

// encoded asks EncodeAny about a value. A panic in it must not cost the record.
func encoded(encode func(any) (any, bool), v slog.Value) (out slog.Value) {
	defer func() {
		if p := recover(); p != nil {
			out = slog.StringValue(fmt.Sprintf("!PANIC: %v", p))
		}
	}()
	if _, source := v.Any().(*slog.Source); source {
		return v // as without a format of Python
	}
	if now, ok := encode(v.Any()); ok {
		return slog.AnyValue(now)
	}
	return v
}
