package pyformat

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/watchtower-go/watchtower/internal/pyrecord"
	"github.com/watchtower-go/watchtower/internal/strftime"
)

// A date is how %(asctime)s shows a time.
type date struct {
	layout string // valid for strftime
	millis bool   // ",123" follows
	zone   *time.Location
}

// parseDate reads a datefmt. Its results are those of CPython's time.strftime,
// which passes the string on to the C library. That leaves a conversion as it
// stands where it does not know it; %f and %:z, which only datetime knows, are
// among those.
func parseDate(datefmt string) (date, error) {
	if datefmt == "" {
		return date{"%Y-%m-%d %H:%M:%S", true, time.Local}, nil
	}
	var layout strings.Builder
	for at := 0; at < len(datefmt); {
		percent := strings.IndexByte(datefmt[at:], '%')
		if percent < 0 {
			layout.WriteString(datefmt[at:])
			break
		}
		layout.WriteString(datefmt[at : at+percent])
		at += percent
		end, piece := conversion(datefmt, at)
		if err := strftime.Validate(piece); err != nil {
			return date{}, wrongDate(datefmt, at, end, err)
		}
		layout.WriteString(piece)
		at = end
	}
	return date{layout.String(), false, time.Local}, nil
}

// conversion reads the one at a percent sign: where it ends, and what to write
// for it in the layout.
func conversion(datefmt string, at int) (end int, piece string) {
	end = at + 1
	for end < len(datefmt) && strings.IndexByte("-_^#0123456789", datefmt[end]) >= 0 {
		end++
	}
	verb, size := utf8.DecodeRuneInString(datefmt[end:])
	if end > at+1 {
		return end + size, datefmt[at : end+size]
	}
	// The modifiers E and O change nothing in the C locale, where they may stand.
	if of := modified[verb]; end+1 < len(datefmt) && strings.IndexByte(of, datefmt[end+1]) >= 0 {
		return end + 2, "%" + datefmt[end+1:end+2]
	}
	if isConversion(verb) {
		return end + size, datefmt[at : end+size]
	}
	return end, "%%"
}

// modified are the conversions that glibc takes behind a modifier.
var modified = map[rune]string{'E': "cCnpPrRstTuxXyYzZ%", 'O': "bBCdegGhHIjklmMnpPrRsStTuUVwWyzZ%"}

func isConversion(verb rune) bool {
	return verb != 'f' && strings.ContainsRune(strftime.Conversions, verb)
}

func wrongDate(datefmt string, at, end int, err error) *ParseError {
	if c, ok := errors.AsType[*strftime.ConversionError](err); ok {
		err = c.Err
	}
	e := wrong(datefmt, at, end, "%v", err)
	e.DateFmt = true
	return e
}

// append appends the time.
func (d *date) append(dst []byte, t time.Time) []byte {
	dst = strftime.Append(dst, pyrecord.Second(t).In(d.zone), d.layout)
	if d.millis {
		dst = pyrecord.AppendMsecs(dst, t)
	}
	return dst
}
