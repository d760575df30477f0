package encode

import (
	"encoding/json"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// lateOf are two fields of which one is known after a while.
func lateOf(f Format) *Late {
	return NewLate(f, []LateField{
		{"task", func() string { return "5f-é" }, "5f-é"},
		{"a\"b", func() string { return "q\"" }, "q\"q"},
	})
}

func eventOf(t *testing.T, e *Encoder, r slog.Record) cwl.Event {
	t.Helper()
	b := Get()
	if err := e.Record(b, r); err != nil || len(b.Events()) != 1 {
		t.Fatal(err, len(b.Events()))
	}
	return b.Events()[0] // the buffer is not given back
}

// A record is the same whether its late fields were known or came later.
func TestLateFieldsCompleteARecord(t *testing.T) {
	r := slog.NewRecord(time.UnixMilli(1763670000123).UTC(), slog.LevelInfo, "m", 0)
	r.AddAttrs(slog.Int("n", 1))
	empty := func([]string, slog.Attr) slog.Attr { return slog.Attr{} }
	for _, o := range []Options{
		{},
		{Format: Text},
		{Fields: []slog.Attr{slog.String("service", "é\"")}},
		{ReplaceAttr: empty},
		{ReplaceAttr: empty, Format: Text},
		{Namespace: "app", Capture: []string{"n"}},
	} {
		r := r
		if o.Namespace != "" {
			r = r.Clone()
			r.AddAttrs(metric("A", 1))
		}
		o.Late, o.LoggerKey = lateOf(o.Format), "logger"
		e := New(o).WithGroup("g").WithAttrs([]slog.Attr{slog.Int("w", 2)})
		early := eventOf(t, e, r)
		if msg := Message(&early); strings.Contains(msg, "5f") || early.Size != len(msg) {
			t.Errorf("before: %q, %d bytes", msg, early.Size)
		}
		done := early
		if !o.Late.Complete(&done) || o.Late.Complete(&done) {
			t.Error("it is not completed once")
		}
		msg := Message(&done)
		if done.Size != len(msg) || !json.Valid(done.Fragment) || !strings.Contains(msg, "5f-é") || o.Format == JSON && !json.Valid([]byte(msg)) {
			t.Errorf("after: %q, %d bytes: %s", msg, done.Size, done.Fragment)
		}
		o.Late.Known()
		late := eventOf(t, e, r)
		if o.Namespace == "" && (string(late.Fragment) != string(done.Fragment) || late.Size != done.Size) {
			t.Errorf("completed: %s\nknown:     %s", done.Fragment, late.Fragment)
		}
		if o.Late.Complete(&late) {
			t.Error("a whole one is completed")
		}
	}
}

func TestFieldsStandAtTheTopLevel(t *testing.T) {
	for f, want := range map[Format]string{
		JSON: `"msg":"m","logger":"db","service":"shop","top":1,"g":{"n":2}}`,
		Text: `msg=m logger=db service=shop top=1 g.n=2`,
	} {
		e := New(Options{Format: f, Fields: []slog.Attr{slog.String("service", "shop")}, LoggerKey: "logger"}).Named("x").Named("db").WithGroup("g")
		r := slog.NewRecord(time.Time{}, slog.LevelInfo, "m", 0)
		r.AddAttrs(slog.Int("n", 2))
		b := Get()
		if err := e.RecordTop(b, []slog.Attr{slog.Int("top", 1)}, &r); err != nil {
			t.Fatal(err)
		}
		if got := Message(&b.Events()[0]); !strings.HasSuffix(got, want) {
			t.Errorf("got %s", got)
		}
		if got := line(t, New(Options{Format: f, Fields: []slog.Attr{slog.String("service", "shop")}}), r); !strings.Contains(got, "shop") {
			t.Errorf("no name: %s", got)
		}
	}
}

// With late fields a message keeps to its limit too, and leaves room for them.
func TestLateFieldsHaveRoomInLongMessages(t *testing.T) {
	for _, f := range []Format{JSON, Text} {
		for n := 300; n < 420; n++ {
			l := lateOf(f)
			e := New(Options{Format: f, MaxSize: 400, Late: l})
			ev := eventOf(t, e, slog.NewRecord(time.Time{}, slog.LevelInfo, strings.Repeat("x", n), 0))
			if !l.Complete(&ev) || ev.Size > 400 || ev.Size != len(Message(&ev)) || !json.Valid(ev.Fragment) {
				t.Errorf("%d: %d bytes: %s", n, ev.Size, ev.Fragment)
			}
			if msg := Message(&ev); f == JSON && !json.Valid([]byte(msg)) || !strings.Contains(msg, "5f-é") {
				t.Errorf("%d: %s", n, msg)
			}
		}
	}
}

// The parts of a split message are as they are, whole and without marks.
func TestSplitMessagesHaveNoLateFields(t *testing.T) {
	l := lateOf(JSON)
	b := Get()
	if err := New(Options{MaxSize: 400, Oversize: Split, Late: l}).Record(b, slog.NewRecord(time.Time{}, slog.LevelInfo, strings.Repeat("x", 900), 0)); err != nil {
		t.Fatal(err)
	}
	for i := range b.Events() {
		if e := &b.Events()[i]; l.Complete(e) || !json.Valid(e.Fragment) || e.Size > 400 {
			t.Errorf("%s", e.Fragment)
		}
	}
}

func TestFormattersGetFieldsWhenTheyAreKnown(t *testing.T) {
	l := lateOf(JSON)
	e := New(Options{
		NewFormatter: func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) },
		Fields:       []slog.Attr{slog.String("service", "shop")}, Late: l, LoggerKey: "logger",
	}).Named("db").WithGroup("g").WithAttrs([]slog.Attr{slog.Int("n", 1)})
	r := slog.NewRecord(time.Time{}, slog.LevelInfo, "m", 0)
	if got := line(t, e, r); got != "level=INFO msg=m logger=db service=shop g.n=1" {
		t.Error(got)
	}
	l.Known()
	for range 2 {
		if got := line(t, e, r); got != `level=INFO msg=m logger=db service=shop task=5f-é "a\"b"="q\"" g.n=1` {
			t.Error(got)
		}
	}
}

// What is declared before the fields are known must still be right with them.
func TestMetricsKnowOfLateFields(t *testing.T) {
	for _, known := range []bool{false, true} {
		var told []string
		l := lateOf(JSON)
		e := New(Options{Namespace: "app", Late: l, Report: func(m string, d Dimensions, why string) {
			told = append(told, m+strings.Join(d, ",")+": "+why)
		}})
		if known {
			l.Known()
		}
		r := slog.NewRecord(time.Time{}, slog.LevelInfo, "m", 0)
		r.AddAttrs(metric("A", 1), metric("task", 2), dims(), dims("a\"b"))
		ev := eventOf(t, e, r)
		l.Complete(&ev)
		n, err := validate(Message(&ev))
		if err != nil || n != 1 || !strings.Contains(strings.Join(told, "\n"), "task: the record has another attribute") {
			t.Errorf("%d metrics, %v, %q: %s", n, err, told, Message(&ev))
		}
		if late := strings.Contains(strings.Join(told, "\n"), "was not known yet"); late == known {
			t.Errorf("told %q", told)
		}
	}
}
