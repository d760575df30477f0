package logconfig_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/logconfig"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// The document is checked without a program, and says where the names belong.
func TestRecordAttrsAreForJSONAndText(t *testing.T) {
	for handler, want := range map[string]string{
		"{class: cloudwatch, record_attrs: [levelname, lineno]}":                            "",
		"{class: cloudwatch, format: text, record_attrs: [levelname]}":                      "",
		"{class: cloudwatch, record_attrs: [levelName]}":                                    "record_attrs: \"levelName\" is no attribute of Python's records: did you mean levelname?",
		"{class: watchtower.CloudWatchLogHandler, record_attrs: [levelname]}":               "record_attrs is for json and text",
		"{class: watchtower.CloudWatchLogHandler, format: json, record_attrs: [levelname]}": "",
	} {
		file := "version: 1\nhandlers:\n  cloud: " + handler + "\nroot: {handlers: [cloud]}\n"
		err := logconfig.Check("f.yaml", []byte(file))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", handler, err)
		}
	}
}

// EncodeAny holds for formats of Python too, and a panic in it costs no record.
func TestEncodeAnyIsAskedForFormatsOfPython(t *testing.T) {
	srv := watchtowertest.NewServer(t)
	cfg, err := logconfig.Read(strings.NewReader(`
version: 1
formatters: {line: {format: "%(message)s %(day)s"}}
handlers:
  cloud: {class: watchtower.CloudWatchLogHandler, formatter: line, log_group: g, log_stream_name: s}
root: {handlers: [cloud]}
`), &logconfig.Options{Watchtower: func(_ string, o *watchtower.Options) {
		o.Client = srv.Client()
		o.EncodeAny = func(v any) (any, bool) {
			if _, ok := v.(chan int); ok {
				panic("a channel")
			}
			if s, ok := v.(*slog.Source); ok {
				return s.File, true
			}
			m, ok := v.(time.Month)
			return m.String(), ok
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	slog.New(cfg.Logger("").Handler()).Warn("m", "day", time.May, "at", time.June, "c", make(chan int), "source", &slog.Source{File: "f.go", Line: 7})
	cfg.Close(t.Context())
	if got := srv.Events("g"); len(got) != 1 || got[0].Message != `m at=June c="!PANIC: a channel" source=f.go:7 May` {
		t.Errorf("%v", got)
	}
}
