package pyrecord

import (
	"math"
	"os"
	"time"
)

// What is the same for all records of a process. Tests set them.
var (
	Started = time.Now()
	Process = os.Getpid()
)

// What Go has no equal of: it tells nobody which thread it is.
const (
	Thread      = 1
	ThreadName  = "MainThread"
	ProcessName = "MainProcess"
)

// Created is created: seconds since 1970. It rounds as Python does, which
// divides whole nanoseconds.
func Created(t time.Time) float64 {
	if y := t.Year(); 1678 <= y && y < 2262 {
		return float64(t.UnixNano()) / 1e9
	}
	return float64(t.Unix()) + float64(t.Nanosecond())/1e9
}

// Second is the second of a time. Python takes it from created, which rounds.
func Second(t time.Time) time.Time { return time.Unix(int64(math.Floor(Created(t))), 0) }

// Msecs is msecs: the milliseconds of the second. The last nanoseconds of
// a second belong to the next one, because created rounds up there.
func Msecs(t time.Time) int {
	ms := t.Nanosecond() / 1e6
	if ms == 999 && Second(t).Unix() != t.Unix() {
		return 0
	}
	return ms
}

// AppendMsecs appends them as asctime has them: ",042".
func AppendMsecs(dst []byte, t time.Time) []byte {
	ms := Msecs(t)
	return append(dst, ',', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10))
}

// RelativeCreated is relativeCreated: milliseconds since the start of the process.
// It does without the monotonic clock, which a record's time need not have.
func RelativeCreated(t time.Time) float64 {
	return float64(t.Round(0).Sub(Started)) / float64(time.Millisecond)
}
