package pyformat

// A ParseError tells what is wrong with a format string, and what to write
// instead.
type ParseError struct {
	// Offset is the place in bytes from the beginning of the string.
	Offset int
	// DateFmt says that the string is the datefmt and not the format.
	DateFmt bool
	// Text is the part of the string that is wrong; it may be empty.
	Text string
	// Problem is what is wrong with it, and the remedy.
	Problem string
}

// Error names the part, the problem and the remedy.
func (e *ParseError) Error() string {
	return e.Problem
}
