package strftime

import (
	"strings"
	"testing"
	"time"
)

func TestValidateNamesTheConversionAndTheRemedy(t *testing.T) {
	const letters = "aAbBcCdDeFfgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%"
	cases := []struct{ layout, want string }{
		{"", ""},
		{"%Y-%m-%d", ""},
		{"%_5d %010A %:z", ""},
		{"%1024d", ""},
		{"%Q", `"%Q" at character 1: unknown conversion: the letters known are ` + letters},
		{"größe-%v", `"%v" at character 7: unknown conversion: the letters known are ` + letters},
		{"%+", `"%+" at character 1: unknown conversion: the letters known are ` + letters},
		{"%-ü", `"%-ü" at character 1: unknown conversion: the letters known are ` + letters},
		{"%d%\xff", `"%\xff" at character 3: unknown conversion: the letters known are ` + letters},
		{"50%", `"%" at character 3: the conversion has no letter: write %% for a percent sign`},
		{"%d-%_5", `"%_5" at character 4: the conversion has no letter: write %% for a percent sign`},
		{"%Ey", `"%E" at character 1: the modifiers E and O change nothing here: leave the letter out`},
		{"%-Od", `"%-O" at character 1: the modifiers E and O change nothing here: leave the letter out`},
		{"%:d", `"%:d" at character 1: a colon is only for %:z`},
		{"%-:z", `"%-:z" at character 1: a colon is only for %:z`},
		{"%1025d", `"%1025d" at character 1: the width is above 1024`},
		{"%99999999999999999999d", `"%99999999999999999999d" at character 1: the width is above 1024`},
		{"%12F", `"%12F" at character 1: %F takes no flags and no width: write %F`},
		{"%-5d", `"%-5d" at character 1: the flag - is against a width: leave one of them out, or pad with spaces by _`},
		{"%-f", `"%-f" at character 1: %f takes no flags and no width: write %f`},
		{"%^P", `"%^P" at character 1: %P is always lower case: write %p for capitals`},
	}
	for _, c := range cases {
		got := ""
		if err := Validate(c.layout); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.layout, got, c.want)
		}
	}
}

func TestPeriodIsThatOfTheFinestPart(t *testing.T) {
	const day = 24 * time.Hour
	byLetters := map[time.Duration]string{
		0:                "ntzZ%",
		time.Microsecond: "f",
		time.Second:      "crsSTX",
		time.Minute:      "MR",
		time.Hour:        "HIklpP",
		day:              "aAbBCdDeFgGhjmuUVwWxyY",
	}
	letters := ""
	for want, list := range byLetters {
		letters += list
		for _, c := range list {
			if got := Period("%" + string(c)); got != want {
				t.Errorf("Period(%%%c) = %v, want %v", c, got, want)
			}
		}
	}
	for _, c := range Conversions {
		if !strings.ContainsRune(letters, c) {
			t.Errorf("%%%c is missing from this test", c)
		}
	}
	layouts := map[string]time.Duration{
		"":                       0,
		"constant 100%%":         0,
		"%%S":                    0,
		"%Y-%m-%d":               day,
		"%Y-%m-%d/%-H":           time.Hour,
		"%H %Y":                  time.Hour,
		"%Y-%m-%dT%H:%M:%S.%f%z": time.Microsecond,
		"%05M":                   time.Minute,
	}
	for layout, want := range layouts {
		if got := Period(layout); got != want {
			t.Errorf("Period(%q) = %v, want %v", layout, got, want)
		}
	}
}

// Everything that callers cache rests on this: no result changes within its
// period.
func FuzzResultIsConstantWithinItsPeriod(f *testing.F) {
	for i, c := range fromCPython {
		f.Add(c.layout, instants[i%len(instants)].UnixMicro())
	}
	f.Add("%", int64(0))
	f.Add("%-", int64(-1))
	f.Add("%:::z%5:", int64(-62135596800000001))
	f.Add("%Y%G%V%C%y", int64(1)<<62)
	f.Fuzz(func(t *testing.T, layout string, micros int64) {
		if Validate(layout) != nil {
			return
		}
		at := time.UnixMicro(micros).UTC()
		got := Append([]byte("before"), at, layout)
		if want := Append([]byte("before"), at.Truncate(Period(layout)), layout); string(got) != string(want) {
			t.Errorf("%q of %v: %q, at the start of its period %q", layout, at, got, want)
		}
		// With no period every time has the same result.
		if Period(layout) == 0 && string(got) != string(Append([]byte("before"), time.Unix(0, 0).UTC(), layout)) {
			t.Errorf("%q has no period and changes", layout)
		}
	})
}

func TestAppendAllocatesNothing(t *testing.T) {
	dst := make([]byte, 0, 128)
	n := testing.AllocsPerRun(100, func() { dst = Append(dst[:0], instants[1], "%A, %Y-%m-%dT%H:%M:%S.%f%z") })
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkAppendDate(b *testing.B) {
	dst := make([]byte, 0, 64)
	for b.Loop() {
		dst = Append(dst[:0], instants[1], "%Y-%m-%d")
	}
}
