package term

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// watched is a progress line on a terminal of some columns.
func watched(b *strings.Builder, columns int) *Progress {
	return &Progress{w: b, width: func() int { return columns }, unit: "event", start: time.Now()}
}

func TestProgressIsForLongWorkOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b strings.Builder
		p := watched(&b, 80)
		time.Sleep(progressDelay - 1)
		p.Show(100, "early")
		p.Clear()
		if b.Len() > 0 {
			t.Errorf("drew %q in the first second", b.String())
		}
	})
}

func TestProgressRedrawsOneLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b strings.Builder
		p := watched(&b, 80)
		time.Sleep(2 * time.Second)
		p.Show(20_000, "at 10:00")
		p.Show(20_001, "at 10:00") // too soon
		time.Sleep(2 * time.Second)
		p.Show(40_000, "")
		p.Clear()
		p.Clear()
		want := "\r20,000 events  10,000/s  at 10:00" +
			"\r40,000 events  10,000/s          " +
			"\r" + strings.Repeat(" ", 23) + "\r"
		if diff := cmp.Diff(want, b.String()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestProgressNeverWraps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b strings.Builder
		p := watched(&b, 20)
		time.Sleep(2 * time.Second)
		p.Show(20_000, "at 10:00")
		if n := Columns(strings.TrimPrefix(b.String(), "\r")); n != 19 {
			t.Errorf("%q takes %d of 20 columns", b.String(), n)
		}
	})
}

func TestNobodyWatchesAPipe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := new(Screen).Progress("event")
		time.Sleep(time.Minute)
		p.Show(1, "") // would crash on the missing file
		p.Clear()
	})
}
