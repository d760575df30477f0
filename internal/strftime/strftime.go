// Package strftime formats times by the conversions of C's strftime, with the
// results of CPython's datetime.strftime on glibc in the C locale. It is the
// one door to the library that does it.
//
// A layout goes through Validate once; Append and Period take valid ones.
// Times are formatted in the zone that they carry: a caller who wants UTC
// passes t.UTC().
package strftime

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/itchyny/timefmt-go"
)

// Conversions are the letters of the conversions. Between the percent sign and
// the letter may stand flags (- _ 0 ^ #) and a width of up to 1,024
// characters, except where Validate tells otherwise; %:z is %z with a colon
// (CPython 3.12).
const Conversions = "aAbBcCdDeFfgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%"

// maxWidth is the largest width that the library honours.
const maxWidth = 1024

// Append appends t in the given layout to dst. It allocates nothing beyond
// the growth of dst. Years from 1000 to 9999 come out as CPython's; for
// others the padding of %Y and %G differs between versions of CPython.
func Append(dst []byte, t time.Time, layout string) []byte {
	return timefmt.AppendFormat(dst, t, layout)
}

// Period returns how long the result for a time in UTC stays the same: it is
// that of every time with the same t.Truncate(Period(layout)). The periods
// are a microsecond, second, minute, hour and day; zero says that the layout
// has no part that changes.
//
// In other zones a result is good for a quarter of an hour at most, whatever
// Period says: their days begin, and their clocks are put forward and back,
// at any quarter of an hour of UTC.
func Period(layout string) time.Duration {
	var finest time.Duration
	for c := range conversions(layout) {
		if unit := unitOf(c.verb); unit > 0 && (finest == 0 || unit < finest) {
			finest = unit
		}
	}
	return finest
}

// Validate tells which conversion of the layout CPython on glibc does not
// know, or would format otherwise than Append does: the error is a
// [*ConversionError].
func Validate(layout string) error {
	for c := range conversions(layout) {
		if err := c.validate(); err != nil {
			return &ConversionError{Text: c.text, Before: layout[:c.at], Err: err}
		}
	}
	return nil
}

// A ConversionError tells what is wrong with a conversion.
type ConversionError struct {
	// Text is the conversion, Before the part of the layout before it.
	Text, Before string
	// Err is what is wrong, and what to write instead.
	Err error
}

// Error counts the conversion's place in characters from 1.
func (e *ConversionError) Error() string {
	return fmt.Sprintf("%q at character %d: %v", e.Text, utf8.RuneCountInString(e.Before)+1, e.Err)
}

// Unwrap returns what is wrong.
func (e *ConversionError) Unwrap() error { return e.Err }

// unitOf returns the time after which the result of a conversion can change,
// zero for one that stays the same in UTC. All that is not named here is a part
// of the date.
func unitOf(verb byte) time.Duration {
	switch verb {
	case 'n', 't', '%', 'z', 'Z':
		return 0
	case 'f':
		return time.Microsecond
	case 'c', 'r', 's', 'S', 'T', 'X':
		return time.Second
	case 'M', 'R':
		return time.Minute
	case 'H', 'I', 'k', 'l', 'p', 'P':
		return time.Hour
	}
	return 24 * time.Hour
}

// known reports whether verb is one of Conversions.
func known(verb byte) bool {
	return verb != 0 && strings.IndexByte(Conversions, verb) >= 0
}
