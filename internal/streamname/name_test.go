package streamname

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"
)

const dayMillis = 24 * 60 * 60 * 1000

func TestTheDayIsTheEventsOwn(t *testing.T) {
	name := mustParse(t, "{strftime:%Y-%m-%d}").Named("")
	cases := []struct {
		millis int64
		want   string
	}{
		{0, "1970-01-01"},
		{-1, "1969-12-31"},
		{dayMillis - 1, "1970-01-01"},
		{dayMillis, "1970-01-02"},
		{4 * dayMillis, "1970-01-05"}, // the slot of 1970-01-01
		{0, "1970-01-01"},
		{-dayMillis, "1969-12-31"},
		{-dayMillis - 1, "1969-12-30"},
		{-4 * dayMillis, "1969-12-28"},
		{millis, "2026-02-09"},
		{millis + 1, "2026-02-10"},
	}
	for _, c := range cases {
		if got := name.Expand(c.millis, nil); got != c.want {
			t.Errorf("%d ms: got %s, want %s", c.millis, got, c.want)
		}
	}
}

func TestTheFinestClockDecides(t *testing.T) {
	name := mustParse(t, "{strftime:%H}/{strftime:%d}/{strftime:x}").Named("")
	for hour, want := range []string{"00/01/x", "01/01/x", "02/01/x"} {
		if got := name.Expand(int64(hour)*dayMillis/24, nil); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestConcurrentLateEventsGetTheirOwnDay(t *testing.T) {
	name := mustParse(t, "{strftime:%Y-%m-%d}/{attr:worker}/{strftime:%H}").Named("")
	dated := mustParse(t, "{strftime:%Y-%m-%dT%H}").Named("")
	var workers sync.WaitGroup
	for worker := range 8 {
		workers.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(worker)))
			id := strconv.Itoa(worker)
			attr := []byte(id)
			for range 2_000 {
				// Forty days around now, so that slots are taken over all the time.
				at := time.UnixMilli(millis + random.Int64N(40*dayMillis) - 20*dayMillis).UTC()
				want := at.Format("2006-01-02/") + id + at.Format("/15")
				if got := name.Expand(at.UnixMilli(), func(int) []byte { return attr }); got != want {
					t.Errorf("got %s, want %s", got, want)
					return
				}
				if got, want := dated.Expand(at.UnixMilli(), nil), at.Format("2006-01-02T15"); got != want {
					t.Errorf("got %s, want %s", got, want)
					return
				}
			}
		})
	}
	workers.Wait()
}

func TestExpandAllocatesNothingInTheSteadyState(t *testing.T) {
	tenants := make([][]byte, 100)
	for i := range tenants {
		tenants[i] = fmt.Appendf(nil, "tenant-%d:größe", i)
	}
	step := 0
	tenant := func(int) []byte { return tenants[step%len(tenants)] }
	cases := []struct {
		name, template string
		at             func(step int) int64
	}{
		{"static", Default, func(int) int64 { return millis }},
		{"a day", "{logger_name}-{strftime:%Y-%m-%d}", func(step int) int64 { return millis - int64(step) }},
		{"around midnight", "{strftime:%Y-%m-%d}", func(step int) int64 { return millis + int64(step%2) }},
		{"attribute", "{attr:tenant}/{logger_name}", func(int) int64 { return millis }},
		{"attribute and day", "{strftime:%Y-%m-%d}/{attr:tenant}/{logger_name}", func(step int) int64 { return millis + int64(step%2) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			name := mustParse(t, c.template).Named("app.db")
			step = 0
			expand := func() {
				name.Expand(c.at(step), tenant)
				step++
			}
			for range 2 * len(tenants) {
				expand()
			}
			if n := testing.AllocsPerRun(1_000, expand); n != 0 {
				t.Errorf("%v allocations", n)
			}
		})
	}
}

func TestNamesOfOneTemplateAreShared(t *testing.T) {
	parsed := mustParse(t, "plain")
	if n := testing.AllocsPerRun(100, func() { parsed.Named("app") }); n != 0 {
		t.Errorf("Named without {logger_name}: %v allocations", n)
	}
}

func BenchmarkExpand(b *testing.B) {
	for _, template := range []string{
		Default,
		"{logger_name}-{strftime:%Y-%m-%d}",
		"{attr:tenant}/{logger_name}",
		"{attr:tenant}/{strftime:%Y-%m-%d}",
	} {
		b.Run(template, func(b *testing.B) {
			name := mustParse(b, template).Named("app.db")
			value := []byte("tenant-4711")
			attrs := func(int) []byte { return value }
			b.ReportAllocs()
			for b.Loop() {
				name.Expand(millis, attrs)
			}
		})
	}
}

func BenchmarkNamed(b *testing.B) {
	parsed := mustParse(b, Default)
	b.ReportAllocs()
	for b.Loop() {
		parsed.Named("app.db")
	}
}
