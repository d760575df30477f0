package pyformat

import (
	"fmt"
	"unicode/utf8"
)

// A ParseError tells what is wrong with a format string, and what to write
// instead.
type ParseError struct {
	// Offset is the place in bytes from the beginning of the string.
	Offset int
	// DateFmt says that the string is the datefmt and not the format.
	DateFmt bool
	// Text is the part of the string that is wrong; it is empty when the whole
	// of it is.
	Text string
	// Problem is what is wrong with it, and the remedy.
	Problem string

	// character is the place in characters from 1.
	character int
}

// Error names the part, its place in characters from 1, the problem and the
// remedy.
func (e *ParseError) Error() string {
	if e.Text == "" {
		return e.Problem
	}
	where := ""
	if e.DateFmt {
		where = " of the datefmt"
	}
	return fmt.Sprintf("%q at character %d%s: %s", e.Text, e.character, where, e.Problem)
}

// wrong returns the error about whole[at:end].
func wrong(whole string, at, end int, problem string, args ...any) *ParseError {
	return &ParseError{
		Offset:    at,
		Text:      whole[at:end],
		Problem:   fmt.Sprintf(problem, args...),
		character: utf8.RuneCountInString(whole[:at]) + 1,
	}
}
