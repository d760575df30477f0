// Package pyformat formats records by the format strings of Python's logging,
// in its three styles, with the results of CPython 3.13:
//
//	%   %(asctime)s %(levelname)-8s %(message)s
//	{   {asctime} {levelname:<8} {message}
//	$   $asctime ${levelname} $message
//
// The names are those of Python's LogRecord: name levelno levelname pathname
// filename module lineno funcName created asctime msecs relativeCreated thread
// threadName taskName process processName message, and msg for message. Go has
// no threads that a program could name: threadName is MainThread, thread is
// 1, processName is MainProcess, taskName is None; so are exc_info, exc_text and
// stack_info, and args is (). Any other name is a field of the record
// (Record.Attr), as Python's extra=… gives it.
package pyformat

import "errors"

// A Format is a format string that was parsed. It is safe for concurrent use.
type Format struct{}

// Parse reads a format string. The style is "%", "{" or "$"; "" is "%". An empty
// format is the message alone. The datefmt is how %(asctime)s shows the local
// time, in the conversions of strftime; "" is Python's default, which is
// "%Y-%m-%d %H:%M:%S" and ",123" for the milliseconds.
//
// What Python refuses when the Formatter is made is an error, and so is what
// it would refuse at each record: a *ParseError.
func Parse(format, datefmt, style string) (*Format, error) { return nil, errors.ErrUnsupported }

// Append appends the formatted record to dst, without a newline. A field
// that the record does not have comes out as "-"; one whose value is not of
// the kind that its conversion wants, as text. It never fails.
func (f *Format) Append(dst []byte, r *Record) []byte { return dst }

// Fields returns the names that the format uses, each once, in the order of
// their first use.
func (f *Format) Fields() []string { return nil }
