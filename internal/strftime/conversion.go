package strftime

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"unicode/utf8"
)

// A conversion is one percent sign of a layout and what belongs to it:
//
//	%  -_0^#  :  12  Y
//	   flags     width verb
type conversion struct {
	at    int    // where the percent sign is, in bytes
	text  string // all of it, as it stands in the layout
	flags string
	colon bool
	width int
	verb  byte // 0 when the layout ends before it
}

// conversions walks the layout from left to right. It splits any layout,
// valid or not.
func conversions(layout string) iter.Seq[conversion] {
	return func(yield func(conversion) bool) {
		for i := 0; i < len(layout); {
			n := strings.IndexByte(layout[i:], '%')
			if n < 0 {
				return
			}
			c := parse(layout, i+n)
			if !yield(c) {
				return
			}
			i = c.at + len(c.text)
		}
	}
}

// parse reads the conversion whose percent sign is at byte at.
func parse(layout string, at int) conversion {
	c := conversion{at: at}
	i := at + 1
	for i < len(layout) && strings.IndexByte("-_0^#", layout[i]) >= 0 {
		i++
	}
	c.flags = layout[at+1 : i]
	for ; i < len(layout) && '0' <= layout[i] && layout[i] <= '9'; i++ {
		c.width = min(c.width*10+int(layout[i]-'0'), maxWidth+1)
	}
	if i < len(layout) && layout[i] == ':' {
		c.colon = true
		i++
	}
	if i < len(layout) {
		c.verb = layout[i]
		// An unknown verb may be any rune; the message shows the whole of it.
		_, size := utf8.DecodeRuneInString(layout[i:])
		i += size
	}
	c.text = layout[at:i]
	return c
}

// validate says what is wrong with the conversion, and what to write instead.
func (c conversion) validate() error {
	switch {
	case c.verb == 0:
		return errors.New("the conversion has no letter: write %% for a percent sign")
	case c.verb == 'E', c.verb == 'O':
		return errors.New("the modifiers E and O change nothing here: leave the letter out")
	case c.colon && (c.verb != 'z' || c.modified()):
		return errors.New("a colon is only for %:z")
	case !known(c.verb):
		return fmt.Errorf("unknown conversion: the letters known are %s", Conversions)
	case c.width > maxWidth:
		return fmt.Errorf("the width is above %d", maxWidth)
	case c.modified() && strings.IndexByte("cDfFrRTxXzZ", c.verb) >= 0:
		// glibc pads these as a whole, the library their parts, and CPython
		// replaces %f and %z itself, only where they stand without flags.
		return fmt.Errorf("%%%c takes no flags and no width: write %%%c", c.verb, c.verb)
	case c.width > 0 && strings.Contains(c.flags, "-"):
		// The library pads %-1d to two characters, glibc to one.
		return errors.New("the flag - is against a width: leave one of them out, or pad with spaces by _")
	case c.verb == 'P' && strings.ContainsAny(c.flags, "^#"):
		return errors.New("%P is always lower case: write %p for capitals")
	}
	return nil
}

// modified reports whether flags or a width stand before the letter.
func (c conversion) modified() bool { return c.flags != "" || c.width > 0 }
