package delivery_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"slices"
	"testing"
	"testing/slogtest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
)

type traceKey struct{}

// traceOf is what a program may give as ContextAttrs.
func traceOf(ctx context.Context) []slog.Attr {
	if id, ok := ctx.Value(traceKey{}).(string); ok {
		return []slog.Attr{slog.String("trace_id", id)}
	}
	return nil
}

func TestContextAttrsStandOutsideOfGroups(t *testing.T) {
	for want, opts := range map[string]watchtower.Options{
		`{"level":"INFO","msg":"m","logger":"db","trace_id":"t1","w":1,"g":{"a":2}}`: {ReplaceAttr: timeless},
		`level=INFO msg=m logger=db trace_id=t1 w=1 g.a=2`:                           {ReplaceAttr: timeless, Format: watchtower.FormatText},
		`INFO m logger=db trace_id=t1 w=1 g.a=2`: {NewFormatter: func(w io.Writer) slog.Handler {
			return slog.NewTextHandler(bare{w}, &slog.HandlerOptions{ReplaceAttr: timeless})
		}},
	} {
		opts.ContextAttrs, opts.LogStreamName = traceOf, "{attr:trace_id}"
		h, s := open(t, opts)
		logger := slog.New(h.Named("db")).With("w", 1).WithGroup("g")
		logger.InfoContext(context.WithValue(t.Context(), traceKey{}, "t1"), "m", "a", 2)
		flush(t, h)
		if diff := cmp.Diff([]string{want}, messages(s)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if got := s.Events(group)[0].Stream; got != "t1" {
			t.Errorf("stream %q", got)
		}
	}
}

func TestHandleTopPutsAttrsBeforeThoseOfTheContext(t *testing.T) {
	for want, contextAttrs := range map[string]func(context.Context) []slog.Attr{
		`{"level":"INFO","msg":"m","logger":"db","source":"s","w":1,"g":{"a":2}}`:                 nil,
		`{"level":"INFO","msg":"m","logger":"db","source":"s","trace_id":"t1","w":1,"g":{"a":2}}`: traceOf,
	} {
		h, s := open(t, watchtower.Options{ReplaceAttr: timeless, ContextAttrs: contextAttrs})
		grouped := slog.New(h.Named("db")).With("w", 1).WithGroup("g").Handler().(*watchtower.Handler)
		r := slog.NewRecord(time.Now(), slog.LevelInfo, "m", 0)
		r.Add("a", 2)
		top := []slog.Attr{slog.String("source", "s"), slog.String("not", "given")}
		if err := grouped.HandleTop(context.WithValue(t.Context(), traceKey{}, "t1"), top[:1], r); err != nil {
			t.Fatal(err)
		}
		flush(t, h)
		if diff := cmp.Diff([]string{want}, messages(s)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if top[1].Key != "not" {
			t.Error("the caller's slice was written to")
		}
	}
}

// timeless leaves out the time.
func timeless(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

// bare leaves out the keys of level and message.
type bare struct{ w io.Writer }

func (b bare) Write(p []byte) (int, error) {
	_, err := b.w.Write(bytes.Replace(bytes.Replace(p, []byte("level="), nil, 1), []byte("msg="), nil, 1))
	return len(p), err
}

func TestContextAttrsThatPanicBecomeText(t *testing.T) {
	h, s := open(t, watchtower.Options{ReplaceAttr: timeless, ContextAttrs: func(context.Context) []slog.Attr { panic("boom") }})
	slog.New(h).WithGroup("g").Info("m", "a", 1)
	flush(t, h)
	want := []string{`{"level":"INFO","msg":"m","ContextAttrs":"!PANIC: boom","g":{"a":1}}`}
	if diff := cmp.Diff(want, messages(s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestContextAttrsMayLog(t *testing.T) {
	var h *watchtower.Handler
	h, s := open(t, watchtower.Options{ReplaceAttr: timeless, ContextAttrs: func(ctx context.Context) []slog.Attr {
		if ctx.Value(traceKey{}) == nil {
			return nil
		}
		slog.New(h).Info("inner")
		return []slog.Attr{slog.Int("n", 1)}
	}})
	slog.New(h).InfoContext(context.WithValue(t.Context(), traceKey{}, 1), "outer")
	flush(t, h)
	want := []string{`{"level":"INFO","msg":"inner"}`, `{"level":"INFO","msg":"outer","n":1}`}
	got := slices.Sorted(slices.Values(messages(s))) // the outer one may be a millisecond older
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHandlerWithContextAttrsPassesSlogtest(t *testing.T) {
	h, s := open(t, watchtower.Options{ContextAttrs: func(context.Context) []slog.Attr { return []slog.Attr{slog.Int("top", 1)} }})
	results := func() (all []map[string]any) {
		flush(t, h)
		for _, m := range messages(s) {
			var r map[string]any
			if err := json.Unmarshal([]byte(m), &r); err != nil {
				t.Fatal(err)
			}
			if r["top"] != 1.0 {
				t.Errorf("no attribute of the context in %s", m)
			}
			delete(r, "top")
			all = append(all, r)
		}
		return all
	}
	if err := slogtest.TestHandler(h, results); err != nil {
		t.Error(err)
	}
}
