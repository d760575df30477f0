package delivery_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
)

const secret = "hunter2"

func hide(_, value string) string { return strings.ReplaceAll(value, secret, "REMOVED") }

type (
	card   struct{ Number, Owner string }
	alias  string
	shown  struct{ s string }
	marked struct{ s string }
	grumpy struct{}
)

func (s shown) String() string                { return "shown " + s.s }
func (m marked) MarshalText() ([]byte, error) { return []byte("marked " + m.s), nil }
func (grumpy) LogValue() slog.Value           { panic("no " + secret) }
func (grumpy) String() string                 { panic("no " + secret) }

// logSecrets logs the secret in every place where a text may stand.
func logSecrets(l *slog.Logger) {
	l.With("with", secret, slog.Group("g", "in", secret)).WithGroup("open").Error("my "+secret,
		"s", secret, "err", errors.New("bad "+secret), "shown", shown{secret}, "marked", marked{secret}, "named", alias(secret),
		"card", card{"1", secret}, "map", map[string]any{"deep": []string{secret}}, "panics", grumpy{}, "bytes", []byte("x"+secret),
		"any", slog.AnyValue(grumpy{}), slog.Group("h", "in", secret, slog.Group("", "inline", secret)))
}

func TestRedactSeesEveryText(t *testing.T) {
	for name, opts := range map[string]watchtower.Options{
		"JSON":      {},
		"text":      {Format: watchtower.FormatText},
		"replaced":  {ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr { return a }},
		"source":    {AddSource: true},
		"formatter": {NewFormatter: func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) }},
		"shrunk":    {MaxEventBytes: 1024},
	} {
		t.Run(name, func(t *testing.T) {
			opts.Redact = hide
			h, s := open(t, opts)
			logSecrets(slog.New(h))
			h.Close(t.Context())
			got := messages(s)
			if len(got) != 1 || strings.Contains(got[0], secret) || strings.Count(got[0], "REMOVED") < 5 {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestRedactGetsEachTextWithItsKey(t *testing.T) {
	var seen []string
	h, s := open(t, watchtower.Options{AddSource: true, Redact: func(key, value string) string {
		seen = append(seen, key+"="+value)
		return value
	}})
	l := slog.New(h.Named("db"))
	l.With("w", "1").Info("hello", "s", "2", "n", 3, "b", true, slog.Group("g", "in", "4"), "err", errors.New("5"),
		"card", card{"6", "7"}, "named", alias("8"), "level", slog.LevelWarn, "nil", nil)
	h.Writer().Write([]byte("a line\n"))
	h.Put(t.Context(), watchtower.Event{Message: "an event"})
	h.Close(t.Context())
	want := []string{"w=1", "msg=hello", "s=2", "n=3", "in=4", "err=5", "Number=6", "Owner=7", `card={"Number":"6","Owner":"7"}`, "named=8", "=a line", "=an event"}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Error(diff)
	}
	if got := messages(s)[0]; !strings.Contains(got, `"card":{"Number":"6","Owner":"7"},"named":"8"`) {
		t.Error("what Redact left alone has changed:", got)
	}
}

func TestRedactedJSONStaysJSONWhereItCan(t *testing.T) {
	h, s := open(t, watchtower.Options{Redact: func(key, value string) string {
		if key == "whole" {
			return "gone: \"" + value[:1]
		}
		return hide(key, value)
	}})
	slog.New(h).Info("m", "card", card{"1", secret}, "whole", card{"1", secret}, "n", struct{ N int }{5})
	h.Close(t.Context())
	if got, want := messages(s)[0], `"card":{"Number":"1","Owner":"REMOVED"},"whole":"gone: \"{","n":{"N":5}}`; !strings.HasSuffix(got, want) {
		t.Errorf("%s\ndoes not end in\n%s", got, want)
	}
}

func TestPanicInRedactShowsNoValue(t *testing.T) {
	h, s := open(t, watchtower.Options{Redact: func(key, value string) string {
		switch key {
		case "panics":
			panic("about " + value)
		case "index":
			_ = value[len(value):][0]
		}
		return value
	}})
	slog.New(h).Info("m", "panics", secret, "index", secret)
	h.Close(t.Context())
	want := `"panics":"!PANIC: in Redact","index":"!PANIC: in Redact: runtime error: index out of range [0] with length 0"}`
	if got := messages(s)[0]; !strings.HasSuffix(got, want) {
		t.Errorf("%s", got)
	}
}

// collector keeps what Fallback gets.
type collector struct {
	slog.Handler
	mu  sync.Mutex
	got []string
}

func (c *collector) Enabled(context.Context, slog.Level) bool { return true }
func (c *collector) Handle(_ context.Context, r slog.Record) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	r.Attrs(func(a slog.Attr) bool { c.got = append(c.got, a.String()); return true })
	c.got = append(c.got, r.Message)
	return nil
}

// telltale is a formatter that shows what it could not format.
type telltale struct{ slog.Handler }

func (telltale) Handle(_ context.Context, r slog.Record) error {
	if strings.HasPrefix(r.Message, "panic") {
		panic(r.Message)
	}
	return errors.New("cannot format " + r.Message)
}

func TestWhatIsLostIsRedactedEverywhere(t *testing.T) {
	var told []string
	var mu sync.Mutex
	tell := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, err.Error())
	}
	for _, opts := range []watchtower.Options{
		{NewFormatter: func(w io.Writer) slog.Handler { return telltale{slog.NewTextHandler(w, nil)} }},
		{Oversize: watchtower.Drop, MaxEventBytes: 1024},
	} {
		fallen := &collector{}
		opts.Redact, opts.OnError, opts.Fallback, opts.LogStreamName = hide, tell, fallen, "{attr:user}"
		h, s := open(t, opts)
		long := strings.Repeat(secret, 300)
		for _, msg := range []string{"fail ", "panic "} {
			err := h.Handle(t.Context(), record(slog.LevelError, msg+long, slog.String("user", secret)))
			if err == nil || strings.Contains(err.Error(), secret) {
				t.Errorf("Handle returned %v", err)
			}
		}
		h.Put(t.Context(), watchtower.Event{Message: "short " + secret})
		h.Put(t.Context(), watchtower.Event{Message: long})
		h.Close(t.Context())
		all := strings.Join(append(append(messages(s), fallen.got...), told...), "\n")
		if strings.Contains(all, secret) || len(fallen.got) == 0 || len(told) == 0 {
			t.Errorf("%.3000s", all)
		}
	}
}

func TestStreamNameIsMadeOfRedactedText(t *testing.T) {
	for name, value := range map[string]any{"string": secret, "named": alias(secret), "error": errors.New(secret), "struct": card{Owner: secret}} {
		t.Run(name, func(t *testing.T) {
			for _, formatter := range []func(io.Writer) slog.Handler{nil, func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) }} {
				h, s := open(t, watchtower.Options{LogStreamName: "{attr:who}", Redact: hide, NewFormatter: formatter})
				l := slog.New(h)
				l.Info("m", "who", value)
				l.With("who", value).Info("m")
				h.Close(t.Context())
				for _, e := range s.Events(group) {
					if strings.Contains(e.Stream, secret) || !strings.Contains(e.Stream, "REMOVED") {
						t.Errorf("the stream is %q", e.Stream)
					}
				}
			}
		})
	}
}

func TestRedactSecretsFindsTheseAndNoOthers(t *testing.T) {
	for in, want := range map[string]string{
		"Authorization: Bearer abc.DEF-1~+/==; x": "Authorization: Bearer [redacted]; x",
		"bearer  t0ken":                                 "bearer  [redacted]",
		"the key AKIAIOSFODNN7EXAMPLE is":               "the key [redacted] is",
		"ASIAIOSFODNN7EXAMPLE":                          "[redacted]",
		"AKIAIOSFODNN7EXAMPLES":                         "AKIAIOSFODNN7EXAMPLES",
		"card 4111 1111 1111 1111, 5555-5555-5555-4444": "card [redacted], [redacted]",
		"378282246310005 and 6011111111111117":          "[redacted] and [redacted]",
		"2223003122003222 4222222222222":                "[redacted] [redacted]",
		"4111111111111112 is no card":                   "4111111111111112 is no card", // its check digit
		"1763670000123456789 5551234":                   "1763670000123456789 5551234",
		`{"n":"4111111111111111"}`:                      `{"n":"[redacted]"}`,
		"4222222222222":                                 "4222222222222",       // an id, as likely
		"4000000000000000006":                           "4000000000000000006", // likewise
		"4111111111111111":                              "[redacted]",
		"378282246310005":                               "[redacted]",
		"1780000000000000":                              "1780000000000000", // a time in microseconds
		"-4000000000000000006.0":                        "-[redacted].0",
		"":                                              "",
	} {
		if got := watchtower.RedactSecrets("k", in); got != want {
			t.Errorf("%q became %q, not %q", in, got, want)
		}
	}
}

// record is a record with attributes.
func record(level slog.Level, msg string, attrs ...slog.Attr) slog.Record {
	r := slog.NewRecord(time.Now(), level, msg, 0)
	r.AddAttrs(attrs...)
	return r
}

func TestRedactSeesContextAttrs(t *testing.T) {
	for _, formatter := range []func(io.Writer) slog.Handler{nil, func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) }} {
		h, s := open(t, watchtower.Options{
			Redact: hide, LogStreamName: "{attr:who}", NewFormatter: formatter,
			ContextAttrs: func(context.Context) []slog.Attr { return []slog.Attr{slog.String("who", secret)} },
		})
		slog.New(h).WithGroup("g").Info("m", "a", 1)
		h.Close(t.Context())
		if e := s.Events(group)[0]; strings.Contains(e.Stream+e.Message, secret) || !strings.Contains(e.Stream, "REMOVED") {
			t.Errorf("%q: %s", e.Stream, e.Message)
		}
	}
}
