package term

import (
	"strings"
	"unicode"
)

// Columns is the number of columns that text takes on a terminal. Escape
// sequences of [Screen.Paint] take none, marks that combine with the letter
// before them neither, East Asian letters and pictographs two.
func Columns(text string) int {
	n, escape := 0, false
	for _, r := range text {
		switch {
		case escape:
			escape = r != 'm'
		case r == '\x1b':
			escape = true
		default:
			n += columns(r)
		}
	}
	return n
}

// wide are the blocks whose letters take two columns (Unicode Standard Annex
// #11, classes W and F), merged where only unassigned letters lie between.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1},
		{Lo: 0x2e80, Hi: 0x303e, Stride: 1},
		{Lo: 0x3041, Hi: 0xa4cf, Stride: 1},
		{Lo: 0xa960, Hi: 0xa97f, Stride: 1},
		{Lo: 0xac00, Hi: 0xd7a3, Stride: 1},
		{Lo: 0xf900, Hi: 0xfaff, Stride: 1},
		{Lo: 0xfe30, Hi: 0xfe6f, Stride: 1},
		{Lo: 0xff01, Hi: 0xff60, Stride: 1},
		{Lo: 0xffe0, Hi: 0xffe6, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x1f300, Hi: 0x1f64f, Stride: 1},
		{Lo: 0x1f680, Hi: 0x1f6ff, Stride: 1},
		{Lo: 0x1f900, Hi: 0x1f9ff, Stride: 1},
		{Lo: 0x20000, Hi: 0x3fffd, Stride: 1},
	},
}

func columns(r rune) int {
	switch {
	case r < 0x20 || r == 0x7f, unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

// Cut shortens text without escape sequences to at most width columns; an
// ellipsis takes the place of what was cut.
func Cut(text string, width int) string {
	if Columns(text) <= width {
		return text
	}
	if width < 1 {
		return ""
	}
	n := 0
	for i, r := range text {
		if n+columns(r) > width-1 {
			return text[:i] + "…"
		}
		n += columns(r)
	}
	return text
}

// pad fills text with spaces up to width columns, on its left for numbers.
func pad(text string, width int, left bool) string {
	fill := strings.Repeat(" ", max(0, width-Columns(text)))
	if left {
		return fill + text
	}
	return text + fill
}
