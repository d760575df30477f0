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
	before := slices.Clone(runes[from:at])
	for i, r := range before {
		if r != '\t' {
			before[i] = ' '
		}
	}
	return string(runes[from:]), string(before)
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
