package logconfig

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// A Problem is one thing that is wrong with a document.
type Problem struct {
	// Line and Column are where, from 1; the column counts characters. Line is
	// 0 for the document as a whole.
	Line, Column int
	// Path is what it is about, such as "handlers.console.level".
	Path string
	// Message is what is wrong, and what to write instead.
	Message string

	source string // the line
}

// An Error is everything that is wrong with one document, in its order.
type Error struct {
	// Name is the file, or "configuration" where there is none.
	Name     string
	Problems []Problem
}

// Error has for each problem a line NAME:LINE:COLUMN: PATH: MESSAGE, then the
// line of the document and a caret below the place.
func (e *Error) Error() string {
	var b strings.Builder
	for i, p := range e.Problems {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(e.Name)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
		}
		b.WriteString(": ")
		if p.Path != "" {
			b.WriteString(p.Path + ": ")
		}
		b.WriteString(p.Message)
		if p.Line > 0 {
			line, caret := excerpt(p.source, p.Column)
			fmt.Fprintf(&b, "\n    %s\n    %s^", line, caret)
		}
	}
	return b.String()
}

// excerptWidth is how much of a long line is shown.
const excerptWidth = 100

// excerpt returns the part of a line around a column, and the blanks that bring
// a caret below it.
func excerpt(line string, column int) (shown, blanks string) {
	runes := []rune(strings.TrimRight(line, " \t\r"))
	at := min(max(column-1, 0), len(runes))
	from := 0
	if len(runes) > excerptWidth {
		from = min(max(at-excerptWidth/2, 0), len(runes)-excerptWidth)
		runes = runes[:from+excerptWidth]
	}
	for i, r := range runes {
		if !unicode.IsPrint(r) && r != '\t' {
			runes[i] = unicode.ReplacementChar
		}
	}
	var before []rune
	for _, r := range runes[from:at] {
		before = append(before, blank(r)...)
	}
	return string(runes[from:]), string(before)
}

// wide are the characters that take two columns of a terminal: East Asian ones and
// most emoji (Unicode's annex 11).
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x1100, 0x115f, 1},
		{0x2e80, 0x303e, 1},
		{0x3041, 0x33ff, 1},
		{0x3400, 0x4dbf, 1},
		{0x4e00, 0x9fff, 1},
		{0xa000, 0xa4cf, 1},
		{0xac00, 0xd7a3, 1},
		{0xf900, 0xfaff, 1},
		{0xfe30, 0xfe6f, 1},
		{0xff00, 0xff60, 1},
		{0xffe0, 0xffe6, 1},
	},
	R32: []unicode.Range32{{0x1f300, 0x1f64f, 1}, {0x1f680, 0x1f6ff, 1}, {0x1f900, 0x1f9ff, 1}, {0x20000, 0x3fffd, 1}},
}

// blank is what takes as much room in a line as a character does.
func blank(r rune) []rune {
	switch {
	case r == '\t':
		return []rune{r}
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return nil
	case unicode.Is(wide, r):
		return []rune("  ")
	}
	return []rune(" ")
}

// maxProblems bounds what is noted of one document: who made more mistakes has
// made one of them often.
const maxProblems = 100

// A reader reads one document and notes what is wrong with it.
type reader struct {
	name     string
	lines    []string
	problems []Problem
	more     int // problems beyond the bound
}

// full reports whether there are enough problems.
func (r *reader) full() bool { return len(r.problems) >= maxProblems }

func newReader(name string, data []byte) *reader {
	return &reader{name: name, lines: strings.Split(string(data), "\n")}
}

// wrong notes a problem.
func (r *reader) wrong(at position, path, format string, args ...any) {
	if r.full() {
		r.more++
		return
	}
	p := Problem{Line: at.line, Column: at.column, Path: path, Message: fmt.Sprintf(format, args...)}
	if at.line > 0 && at.line <= len(r.lines) {
		p.source = r.lines[at.line-1]
	}
	r.problems = append(r.problems, p)
}

// isWrong reports whether a problem was noted with what has the path.
func (r *reader) isWrong(path string) bool {
	return slices.ContainsFunc(r.problems, func(p Problem) bool { return p.Path == path })
}

// err is everything that was noted, or nil.
func (r *reader) err() error {
	if len(r.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		switch p, q := (position{a.Line, a.Column}), (position{b.Line, b.Column}); {
		case p.before(q):
			return -1
		case q.before(p):
			return 1
		}
		return 0
	})
	if r.more > 0 {
		r.problems = append(r.problems, Problem{Message: fmt.Sprintf("there are more than these %d problems: mend them first", maxProblems)})
	}
	return &Error{Name: r.name, Problems: r.problems}
}
