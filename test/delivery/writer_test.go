package delivery_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
)

func TestAttrsOfAnEventNameItsStream(t *testing.T) {
	h, s := open(t, watchtower.Options{LogStreamName: "{attr:tenant}"})
	put := func(h *watchtower.Handler, attrs ...slog.Attr) {
		t.Helper()
		if err := h.Put(t.Context(), watchtower.Event{Message: "m", Attrs: attrs}); err != nil {
			t.Error(err)
		}
	}
	put(h)
	put(h, slog.Int("n", 1), slog.String("tenant", "blue"))
	put(h, slog.Group("", slog.String("tenant", "inline")))
	put(h, slog.Group("g", slog.String("tenant", "inner")))
	given := h.WithAttrs([]slog.Attr{slog.String("tenant", "given")}).(*watchtower.Handler)
	put(given)
	put(given, slog.String("tenant", "own"))
	put(h.WithGroup("g").(*watchtower.Handler), slog.String("tenant", "inner"))
	flush(t, h)
	got := map[string]int{}
	for _, e := range s.Events(group) {
		got[e.Stream+": "+e.Message]++
	}
	want := map[string]int{"none: m": 3, "blue: m": 1, "inline: m": 1, "given: m": 1, "own: m": 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// In an outage the lowest level makes room for what WriterAt writes.
func TestWriterAtHasItsLevel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s := open(t, watchtower.Options{QueueBytes: small, WhenFull: watchtower.DropLowestLevel, ErrorReserve: -1, OnError: func(error) {}})
		s.Faults().Fail("", 503, -1)
		for range 2 * small / 1000 {
			fmt.Fprint(h.Writer(), strings.Repeat("i", 1000))
		}
		fmt.Fprint(h.WriterAt(slog.LevelWarn), "a warning"+strings.Repeat("!", 991))
		s.Faults().Clear()
		flush(t, h)
		if all := strings.Join(messages(s), "\n"); !strings.Contains(all, "a warning") {
			t.Error("the warning is lost")
		}
		if h.Stats().Dropped == 0 {
			t.Error("the queue was not full")
		}
	})
}

func TestFlushOrCloseClosesOnlyWhatItCannotFlush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s := open(t, watchtower.Options{OnError: func(error) {}})
		slog.New(h).Info("a")
		watchtower.FlushOrClose(h, 5*time.Second)
		slog.New(h).Info("b")
		if st := h.Stats(); st.Delivered != 1 || st.Pending != 1 {
			t.Errorf("%+v", st)
		}
		s.Faults().Fail("", 503, -1)
		begin := time.Now()
		watchtower.FlushOrClose(h, 5*time.Second)
		if d := time.Since(begin); d < 4*time.Second || d > 8*time.Second {
			t.Errorf("it took %v, the budget is 5s", d)
		}
		s.Faults().Clear()
		if err := h.Handle(context.Background(), slog.NewRecord(time.Now(), slog.LevelInfo, "late", 0)); err == nil {
			t.Error("still open")
		}
	})
}
