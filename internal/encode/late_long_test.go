package encode

import (
	"log/slog"
	"strings"
	"testing"
	"time"
)

// A fact that text has to quote is longer than it looks.
func TestLateFieldsInTextLeaveRoomForQuotes(t *testing.T) {
	for _, f := range []Format{JSON, Text} {
		late := NewLate(f, []LateField{{"task", func() string { return "a=bc" }, "xxxx"}})
		const limit = MinMaxSize
		for n := limit - 200; n < limit; n++ {
			r := slog.NewRecord(time.UnixMilli(1763670000123).UTC(), slog.LevelInfo, strings.Repeat("m", n), 0)
			e := eventOf(t, New(Options{Format: f, Late: late, MaxSize: limit}), r)
			if late.Complete(&e); e.Size > limit || e.Size != len(Message(&e)) {
				t.Fatalf("%v: %d bytes, %d in the message, of %d", f, e.Size, len(Message(&e)), limit)
			}
		}
	}
}
