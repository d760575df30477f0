package term

// A Style is how a piece of text looks. Styles are the sixteen colours that
// every theme defines, never fixed ones, so that they stay readable on light
// and dark backgrounds alike.
type Style string

// The styles, by what they are for.
const (
	Plain  Style = ""
	Bold   Style = "1"  // headings
	Faint  Style = "2"  // what may be skipped: times, tokens
	Red    Style = "31" // errors
	Green  Style = "32" // what is as it should be
	Yellow Style = "33" // warnings
	Cyan   Style = "36" // what can be copied: addresses, commands
)

// Paint returns text in a style, or text itself where colour is not wanted.
func (s *Screen) Paint(st Style, text string) string {
	if !s.colour || st == Plain || text == "" {
		return text
	}
	return "\x1b[" + string(st) + "m" + text + "\x1b[0m"
}
