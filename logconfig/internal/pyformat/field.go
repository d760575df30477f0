package pyformat

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/watchtower-go/watchtower/internal/near"
	"github.com/watchtower-go/watchtower/internal/pyrecord"
)

// A kind is what the value of a field is, as far as a conversion cares.
type kind uint8

const (
	unknown kind = iota // an attribute of the record: it depends
	text
	integer
	float
	none // Python's None: text that is never quoted
)

func (k kind) String() string {
	return [...]string{"of any kind", "text", "a whole number", "a number with a fraction", "None"}[k]
}

// A field is a name in a format string.
type field struct {
	name string
	kind kind // unknown for all that are not Python's own
}

// own are the attributes of Python's LogRecord.
var own = map[string]kind{
	"name": text, "levelname": text, "pathname": text, "filename": text,
	"module": text, "funcName": text, "asctime": text, "threadName": text,
	"processName": text, "message": text, "msg": text, "args": none,
	"levelno": integer, "lineno": integer, "thread": integer, "process": integer,
	"created": float, "msecs": float, "relativeCreated": float,
	"taskName": none, "exc_info": none, "exc_text": none, "stack_info": none,
}

// lookup returns the field of that name. It finds a mistake in one that is all
// but the name of one of Python's own: suggestion is what was meant.
func lookup(name string) (f field, suggestion string) {
	if k, ok := own[name]; ok {
		return field{name, k}, ""
	}
	for known := range own {
		if mistaken(name, known) {
			return field{}, known
		}
	}
	return field{name: name}, ""
}

// named returns the field of a name in a format string, or what is wrong with it
// and how to write it; form is how the style writes a name.
func named(name, form string) (f field, problem string) {
	if name == "" {
		return f, "a field has a name: write " + fmt.Sprintf(form, "message")
	}
	f, suggestion := lookup(name)
	switch {
	case suggestion != "":
		return f, "unknown field: did you mean " + fmt.Sprintf(form, suggestion) + "?"
	case strings.HasPrefix(form, "{") && !isName(name):
		return f, "a field is a name alone, without spaces and without a look into it: write " + fmt.Sprintf(form, "message")
	}
	return f, ""
}

// isName reports whether it is made of letters, digits and underscores, and not of
// digits alone.
func isName(name string) bool {
	digits := true
	for _, c := range name {
		if c != '_' && !unicode.IsLetter(c) && !unicode.IsNumber(c) {
			return false
		}
		digits = digits && '0' <= c && c <= '9'
	}
	return !digits
}

// mistaken reports whether name can only be a misspelling of known. Fields of
// the user have their own names, also such as file_name and messages, so no
// more than this is taken for a mistake: another case, and one letter amiss, not
// an underscore or a plural s, in a name of six or more.
func mistaken(name, known string) bool {
	return strings.EqualFold(name, known) ||
		len(known) >= 6 && name != known+"s" && !strings.Contains(name, "_") && near.Distance(name, known) == 1
}

// integerOf returns the value of one of Python's integer fields.
func integerOf(name string, r *Record) int {
	switch name {
	case "levelno":
		return pyrecord.LevelNumber(r.Level)
	case "lineno":
		return r.Line
	case "process":
		return pyrecord.Process
	}
	return pyrecord.Thread
}

// floatOf returns the value of one of Python's float fields.
func floatOf(name string, r *Record) float64 {
	switch name {
	case "created":
		return pyrecord.Created(r.Time)
	case "msecs":
		return float64(pyrecord.Msecs(r.Time))
	}
	return pyrecord.RelativeCreated(r.Time)
}
