package pyformat

import (
	"errors"
	"testing"
)

func TestParseErrorsNameThePlaceAndTheRemedy(t *testing.T) {
	const printf = "unknown conversion: those known are s r a d i u f F e E g G x X o c"
	cases := []struct {
		style, format, datefmt, want string
		offset                       int
	}{
		{"%", "größe %(levlname)s", "", `"%(levlname)s" at character 7: unknown field: did you mean %(levelname)s?`, 8},
		{"%", "%(levelName)-8s %(message)s", "", `"%(levelName)-8s" at character 1: unknown field: did you mean %(levelname)s?`, 0},
		{"%", "%(message)s %(mesage)s", "", `"%(mesage)s" at character 13: unknown field: did you mean %(message)s?`, 12},
		{"%", "hello", "", `"hello" at character 1: it names no field: write one in the way of %(message)s, or set the style to { or $`, 0},
		{"%", "%(message)s %s", "", `"%s" at character 13: a conversion needs a name, %(message)s, and a percent sign is written %%`, 12},
		{"%", "50% %(message)s", "", `"% " at character 3: a conversion needs a name, %(message)s, and a percent sign is written %%`, 2},
		{"%", "%(message)s 5%", "", `"%" at character 14: a conversion needs a name, %(message)s, and a percent sign is written %%`, 13},
		{"%", "%(message)s %(name", "", `"%(name" at character 13: the name has no end: write %(name)s`, 12},
		{"%", "%(message)s %(name)", "", `"%(name)" at character 13: the conversion has no letter: write %(name)s`, 12},
		{"%", "%(message)s %()s", "", `"%()s" at character 13: a field has a name: write %(message)s`, 12},
		{"%", "%(message)s %(name)y", "", `"%(name)y" at character 13: ` + printf, 12},
		{"%", "%(message)s %(name)ß", "", `"%(name)ß" at character 13: ` + printf, 12},
		{"%", "%(message)*s", "", `"%(message)*" at character 1: write the width as a number, not as *`, 0},
		{"%", "%(message).*s", "", `"%(message).*" at character 1: write the width as a number, not as *`, 0},
		{"%", "%(message)99999s", "", `"%(message)99999s" at character 1: width and precision end at 4096`, 0},
		{"%", "%(levelname)d", "", `"%(levelname)d" at character 1: levelname is text: write %(levelname)s`, 0},
		{"%", "%(taskName)d", "", `"%(taskName)d" at character 1: taskName is None: write %(taskName)s`, 0},
		{"%", "%(msecs)x", "", `"%(msecs)x" at character 1: msecs is a number with a fraction: write %(msecs)d`, 0},

		{"{", "{levlname}", "", `"{levlname}" at character 1: unknown field: did you mean {levelname}?`, 0},
		{"{", "%(message)s", "", `"%(message)s" at character 1: it names no field: write one in the way of {message}, or set the style to % or $`, 0},
		{"{", "{message", "", `"{message" at character 1: the brace is not closed: write {name}, or {{ for a brace`, 0},
		{"{", "ü } {message}", "", `"}" at character 3: this brace closes nothing: write }} for a brace`, 3},
		{"{", "{lineno:{process}}", "", `"{lineno:{process}" at character 1: a brace in braces: close the first one, and write widths as numbers`, 0},
		{"{", "{}", "", `"{}" at character 1: a field has a name: write {message}`, 0},
		{"{", "{0}", "", `"{0}" at character 1: a field is a name alone, without spaces and without a look into it: write {message}`, 0},
		{"{", "{user.id}", "", `"{user.id}" at character 1: a field is a name alone, without spaces and without a look into it: write {message}`, 0},
		{"{", "{message!x}", "", `"{message!x}" at character 1: unknown conversion after the exclamation mark: those known are !r, !s and !a`, 0},
		{"{", "{message:5.}", "", `"{message:5.}" at character 1: the precision has no digits: write .3`, 0},
		{"{", "{message:4097}", "", `"{message:4097}" at character 1: width and precision end at 4096`, 0},
		{"{", "{message:zz}", "", `"{message:zz}" at character 1: bad format spec: the order is fill and one of < > = ^, sign, #, 0, width, comma, .precision, letter; the letters known are b c d e E f F g G n o s x X %`, 0},
		{"{", "{levelname:d}", "", `"{levelname:d}" at character 1: levelname is text here, which the letter d is not for: leave it out`, 0},
		{"{", "{lineno!s:+}", "", `"{lineno!s:+}" at character 1: lineno is text here: leave out what is for numbers, which are the signs + - # = , _ and the space`, 0},
		{"{", "{lineno:s}", "", `"{lineno:s}" at character 1: lineno is a whole number, which the letter s is not for: leave it out, or write !s`, 0},
		{"{", "{msecs:03d}", "", `"{msecs:03d}" at character 1: msecs is a number with a fraction, which the letter d is not for: write .0f, or f`, 0},
		{"{", "{lineno:.2}", "", `"{lineno:.2}" at character 1: a whole number has no precision: leave it out, or write the letter f`, 0},
		{"{", "{lineno:+c}", "", `"{lineno:+c}" at character 1: the letter c takes neither a sign nor #: leave them out`, 0},
		{"{", "{lineno:,x}", "", `"{lineno:,x}" at character 1: digits are not grouped with the letter x: leave the , out`, 0},

		{"$", "$levlname", "", `"$levlname" at character 1: unknown field: did you mean ${levelname}?`, 0},
		{"$", "{message}", "", `"{message}" at character 1: it names no field: write one in the way of $message, or set the style to % or {`, 0},
		{"$", "$message $5", "", `"$" at character 10: a dollar sign needs a name, $message or ${message}: write $$ for a dollar sign`, 9},
		{"$", "$message ${na-me}", "", `"${na" at character 10: a dollar sign needs a name, $message or ${message}: write $$ for a dollar sign`, 9},

		{"&", "%(message)s", "", `"&" at character 1: unknown style: the styles are %, { and $`, 0},
		{"", "", "größe %-5d", `"%-5d" at character 7 of the datefmt: the flag - is against a width: leave one of them out, or pad with spaces by _`, 8},
		{"", "", "%5", `"%5" at character 1 of the datefmt: the conversion has no letter: write %% for a percent sign`, 0},
	}
	for _, c := range cases {
		_, err := Parse(c.format, c.datefmt, c.style)
		e, ok := errors.AsType[*ParseError](err)
		if !ok {
			t.Errorf("%q: %v, want a *ParseError", c.format, err)
			continue
		}
		if e.Error() != c.want || e.Offset != c.offset || e.DateFmt != (c.datefmt != "") {
			t.Errorf("%q, datefmt %q:\n got %s (offset %d)\nwant %s (offset %d)", c.format, c.datefmt, e, e.Offset, c.want, c.offset)
		}
	}
}

// A file that Python takes must load, whatever its fields are called.
func TestNamesOfTheUsersAreNotTakenForMistakes(t *testing.T) {
	for _, name := range []string{
		"tenant", "file_name", "process_name", "messages", "threads", "modules", "game", "names", "user", "request_id",
		"trace_id", "created_at", "sync", "func", "line", "path", "level", "time",
	} {
		if _, err := Parse("%("+name+")s", "", "%"); err != nil {
			t.Error(err)
		}
	}
	if _, err := Parse("%(user.name)s %(message)s", "", "%"); err != nil {
		t.Error(err)
	}
}
