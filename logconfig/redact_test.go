package logconfig_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/logconfig"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// hide redacts by key, and a word in any text.
func hide(key, value string) string {
	switch {
	case strings.EqualFold(key, "password"):
		return "***"
	case key == "count":
		return "0"
	case key == "boom":
		panic("hunter2")
	}
	return strings.ReplaceAll(value, "hunter2", "###")
}

const redactDoc = `
version: 1
formatters: {f: {format: "%(message)s [%(password)s]"}, j: {format: json}}
handlers:
  a: {class: cloudwatch, log_group_name: g, formatter: f}
  b: {class: stream, formatter: f}
  c: {class: stream, formatter: j}
  d: {class: stream}
  e: {class: cloudwatch, log_group_name: h}
root: {level: DEBUG, handlers: [a, b, c, d, e]}
`

// A record is redacted by key in each handler, whatever its format.
func TestRedactHoldsForAllHandlers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, out := watchtowertest.NewServer(t), &screen{}
		cfg, err := logconfig.Read(strings.NewReader(redactDoc), &logconfig.Options{
			Watchtower: func(_ string, o *watchtower.Options) { o.Client = server.Client() },
			Stderr:     out, Redact: hide,
		})
		if err != nil {
			t.Fatal(err)
		}
		h := cfg.Handler("hunter2").WithAttrs([]slog.Attr{slog.String("password", "with")}).WithGroup("in")
		r := slog.NewRecord(time.Time{}, slog.LevelInfo, "said hunter2", 0)
		r.AddAttrs(slog.String("Password", "own"), slog.Int("password", 5), slog.Any("err", errors.New("no hunter2")), slog.Int("n", 7), slog.Int("count", 9),
			slog.Any("m", map[string]any{"password": 1, "list": []any{"hunter2", 2.5, true, nil}}), slog.String("boom", "b"), slog.Any("b", []byte("x")))
		if err := h.Handle(t.Context(), r); err != nil {
			t.Error(err)
		}
		line := `said ### in.Password=*** in.password=*** in.err="no ###" in.n=7 in.count=0 ` +
			`in.m="{\"list\":[\"###\",2.5,true,null],\"password\":\"***\"}" in.boom="!PANIC: in Redact" in.b="x" [***]`
		want := line + `
{"level":"INFO","msg":"said ###","logger":"hunter2","password":"***","in":{"Password":"***","password":"***","err":"no ###","n":7,"count":0,"m":{"list":["###",2.5,true,null],"password":"***"},"boom":"!PANIC: in Redact","b":"eA=="}}
level=INFO msg="said ###" logger=hunter2 password=*** in.Password=*** in.password=*** in.err="no ###" in.n=7 in.count=0 in.m="{\"list\":[\"###\",2.5,true,null],\"password\":\"***\"}" in.boom="!PANIC: in Redact" in.b="x"
`
		if diff := cmp.Diff(want, out.take()); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if err := cfg.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if e := server.Events("g"); len(e) != 1 || e[0].Message != line {
			t.Errorf("%v", e)
		}
		if e := server.Events("h"); len(e) != 1 || strings.Contains(e[0].Message, "with") {
			t.Errorf("%v", e)
		}
	})
}

// What a program sets for a CloudWatch handler alone has the last word there.
func TestRedactByKeyHoldsForFormatsOfPython(t *testing.T) {
	got := sent(t, "%(message)s", func(o *watchtower.Options) { o.Redact = hide }, func(cfg *logconfig.Config) {
		cfg.Logger("").Info("m", "password", "hunter2")
		cfg.Logger("").Info("", "cart", map[string]string{"password": "x", "a": "b"})
		cfg.Logger("").Info("", "password", "x", "a", struct{ Password string }{"x"})
	})
	want := []string{"m password=***", `{"a":"b","password":"***"}`, `{"password":"***","a":{"Password":"***"}}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
