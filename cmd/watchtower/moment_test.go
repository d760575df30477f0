package main

import (
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func TestMomentsAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]time.Time{
		"now":                       noon,
		"0s":                        noon,
		"90s":                       noon.Add(-90 * time.Second),
		"1h30m":                     noon.Add(-90 * time.Minute),
		"3d":                        noon.AddDate(0, 0, -3),
		"2w":                        noon.AddDate(0, 0, -14),
		"0":                         time.UnixMilli(0),
		"2":                         time.UnixMilli(2),
		"1763640000000":             time.UnixMilli(1763640000000),
		"2026-11-20":                noon.Add(-12 * time.Hour),
		"2026-11-20T11:59":          noon.Add(-time.Minute),
		"2026-11-20 11:59:30":       noon.Add(-30 * time.Second),
		"2026-11-20T11:59:59.5":     noon.Add(-500 * time.Millisecond),
		"2026-11-20T13:00:00+02:00": noon.Add(-time.Hour),
		"2026-11-20T11:00:00.250Z":  noon.Add(-time.Hour + 250*time.Millisecond),
	} {
		if got, err := parseMoment(text, noon); err != nil || !got.Equal(want) {
			t.Errorf("parseMoment(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
}

func TestWhatIsNoMomentIsRefused(t *testing.T) {
	for _, text := range []string{
		"", "yesterday", "-2h", "-1", "d", "1.5d", "-3d", "99999999999d", "4294967295w", "2562047h",
		"1e3", "2026-13-01", "1969-12-31", "1763640000000000000", "2026-11-20T25:00:00Z",
	} {
		if got, err := parseMoment(text, noon); err == nil {
			t.Errorf("parseMoment(%q) = %v, want an error", text, got)
		}
	}
}

func FuzzMoment(f *testing.F) {
	for _, text := range []string{"now", "2h", "3d", "1763640000000", "2026-11-20T12:00:00Z", "-1d", "9w"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parseMoment(text, noon)
		if err == nil && got.UnixMilli() < noon.Add(-maxAge).UnixMilli() {
			t.Errorf("parseMoment(%q) = %v is before CloudWatch Logs", text, got)
		}
	})
}
