package encode

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// testHandler is the smallest slog.Handler over an Encoder: it hands each
// record's events to got.
type testHandler struct {
	e   *Encoder
	got func(b *Buffer, err error)
}

func (h testHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h testHandler) Handle(_ context.Context, r slog.Record) error {
	b := Get()
	defer b.Free()
	err := h.e.Record(b, r)
	h.got(b, err)
	return err
}

func (h testHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	h.e = h.e.WithAttrs(attrs)
	return h
}

func (h testHandler) WithGroup(name string) slog.Handler {
	h.e = h.e.WithGroup(name)
	return h
}

// decode returns the message of an event as the service would read it, and
// fails if the event is not what it says it is.
func decode(t *testing.T, ev *cwl.Event) string {
	t.Helper()
	var wire struct {
		Timestamp int64
		Message   string
	}
	dec := json.NewDecoder(strings.NewReader(string(ev.Fragment)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&wire); err != nil || dec.More() {
		t.Fatalf("fragment %q: %v", ev.Fragment, err)
	}
	if wire.Timestamp != ev.Time {
		t.Errorf("timestamp %d, but the event says %d", wire.Timestamp, ev.Time)
	}
	if len(wire.Message) != ev.Size {
		t.Errorf("message of %d bytes, but the event says %d: %s", len(wire.Message), ev.Size, wire.Message)
	}
	return wire.Message
}

// line returns the only message of a record.
func line(t *testing.T, e *Encoder, r slog.Record) string {
	t.Helper()
	b := Get()
	defer b.Free()
	if err := e.Record(b, r); err != nil {
		t.Fatal(err)
	}
	if n := len(b.Events()); n != 1 {
		t.Fatalf("%d events, want 1", n)
	}
	return decode(t, &b.Events()[0])
}
