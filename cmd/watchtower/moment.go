package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A moment is a point in time as it is written on a command line: an age
// ("90s", "2h", "3d", "1w", "1h30m"), "now", RFC 3339, a date or a date with a
// time of day in UTC, or milliseconds since 1970 as the API counts them.
type moment struct{ time.Time }

// layouts are tried in turn; a time without a zone is UTC, as in everything
// that this program prints.
var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly}

// UnmarshalText reads a moment; ages count back from now.
func (m *moment) UnmarshalText(text []byte) error {
	t, err := parseMoment(string(text), time.Now())
	m.Time = t
	return err
}

// parseMoment tells the forms apart: only digits are milliseconds, what has
// the form of a date is one, and the rest must be an age.
func parseMoment(s string, now time.Time) (time.Time, error) {
	if s == "now" {
		return now, nil
	}
	// 1e15 ms is the year 33658: whoever writes more digits means another unit.
	if ms, err := strconv.ParseInt(s, 10, 64); err == nil {
		if ms < 0 || ms > 1e15 {
			return time.Time{}, fmt.Errorf("%q is out of range for milliseconds since 1970", s)
		}
		return time.UnixMilli(ms), nil
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil && t.UnixMilli() >= 0 {
			return t, nil
		}
	}
	if age, err := parseAge(s); err == nil {
		return now.Add(-age), nil
	}
	return time.Time{}, fmt.Errorf("%q is not a time: write 2h, 3d, 2006-01-02T15:04:05Z, 2006-01-02 or milliseconds since 1970", s)
}

// maxAge is further back than CloudWatch Logs exists.
const maxAge = 100 * 365 * 24 * time.Hour

// parseAge reads a duration of package time, or a whole number of days or weeks.
func parseAge(s string) (time.Duration, error) {
	unit := map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour}
	for suffix, d := range unit {
		if digits, ok := strings.CutSuffix(s, suffix); ok {
			n, err := strconv.ParseUint(digits, 10, 32)
			if err != nil {
				return 0, err
			}
			if n > uint64(maxAge/d) {
				return 0, fmt.Errorf("%s is more than 100 years", s)
			}
			return time.Duration(n) * d, nil
		}
	}
	age, err := time.ParseDuration(s)
	if err == nil && (age < 0 || age > maxAge) {
		err = fmt.Errorf("%s is not within the last 100 years", s)
	}
	return age, err
}

// millis is the moment as the API wants it, nil where none was given.
func (m *moment) millis() *int64 {
	if m == nil {
		return nil
	}
	return new(m.UnixMilli())
}
