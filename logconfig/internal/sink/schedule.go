package sink

import (
	"fmt"
	"strings"
	"time"
)

// day is in seconds, as all times here are.
const day = 24 * 60 * 60

// A schedule says when a file is rotated and what the older one is called. All
// times are seconds since 1970. It is TimedRotatingFileHandler's computeRollover,
// daylight saving with it.
type schedule struct {
	interval int64 // from one rotation to the next
	suffix   string
	midnight bool // at a time of day, and not counted from the last change
	weekday  int  // 0 is Monday; -1: every day
	at       int64
	zone     *time.Location
}

// newSchedule reads When and Interval.
func newSchedule(o TimedOptions, zone *time.Location) (schedule, error) {
	s := schedule{weekday: -1, at: day, zone: zone}
	when := strings.ToUpper(o.When)
	switch {
	case when == "S":
		s.interval, s.suffix = 1, "2006-01-02_15-04-05"
	case when == "M":
		s.interval, s.suffix = 60, "2006-01-02_15-04"
	case when == "H" || when == "":
		s.interval, s.suffix = 60*60, "2006-01-02_15"
	case when == "D":
		s.interval, s.suffix = day, "2006-01-02"
	case when == "MIDNIGHT":
		s.interval, s.suffix, s.midnight = day, "2006-01-02", true
	case len(when) == 2 && when[0] == 'W' && '0' <= when[1] && when[1] <= '6':
		s.interval, s.suffix, s.midnight, s.weekday = 7*day, "2006-01-02", true, int(when[1]-'0')
	default:
		return s, fmt.Errorf("when %q: it is S, M, H, D, midnight, or W0 (Monday) to W6 (Sunday)", o.When)
	}
	if o.Interval < 0 {
		return s, fmt.Errorf("interval %d: it is below 0", o.Interval)
	}
	s.interval *= int64(max(o.Interval, 1))
	if o.AtTime < 0 || o.AtTime >= 24*time.Hour {
		return s, fmt.Errorf("atTime %v: it is a time of day, below 24h", o.AtTime)
	}
	if o.AtTime > 0 {
		s.at = int64(o.AtTime / time.Second)
	}
	return s, nil
}

// next is the first rotation after now.
func (s *schedule) next(now int64) int64 {
	if !s.midnight {
		return now + s.interval
	}
	t := time.Unix(now, 0).In(s.zone)
	weekday := (int(t.Weekday()) + 6) % 7
	left := s.at - int64((t.Hour()*60+t.Minute())*60+t.Second())
	if left <= 0 {
		left += day
		weekday = (weekday + 1) % 7
	}
	next := now + left + s.interval - day
	if s.weekday >= 0 {
		next = now + left + int64((s.weekday-weekday+7)%7)*day + s.interval - 7*day
	}
	return s.adjust(next, t.IsDST())
}

// adjust keeps the time of day when the clocks are put forward or back before
// the rotation.
func (s *schedule) adjust(next int64, daylight bool) int64 {
	switch then := s.daylight(next); {
	case then == daylight:
		return next
	case daylight:
		return next + 60*60
	case !s.daylight(next - 60*60):
		// It is in the hour that does not exist.
		return next
	}
	return next - 60*60
}

func (s *schedule) daylight(t int64) bool { return time.Unix(t, 0).In(s.zone).IsDST() }

// name is the suffix of the file that is rotated at a time, of which at is the
// schedule's and now the real one: the beginning of its period.
func (s *schedule) name(at, now int64) string {
	began := at - s.interval
	switch then := s.daylight(began); {
	case then == s.daylight(now):
	case then:
		began -= 60 * 60
	default:
		began += 60 * 60
	}
	return time.Unix(began, 0).In(s.zone).Format(s.suffix)
}

// matches reports whether it can be a suffix of the schedule's.
func (s *schedule) matches(suffix string) bool {
	if len(suffix) != len(s.suffix) {
		return false
	}
	for i := range len(suffix) {
		if isDigit(s.suffix[i]) != isDigit(suffix[i]) || !isDigit(suffix[i]) && suffix[i] != s.suffix[i] {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
