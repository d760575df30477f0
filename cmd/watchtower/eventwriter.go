package main

import (
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/watchtower-go/watchtower/internal/term"
)

// An eventWriter prints events as they arrive. It keeps none of them.
type eventWriter interface {
	// event prints one event.
	event(e *types.OutputLogEvent) error
	// end prints what follows the last event; tokens continue the reading.
	end(forward, backward string) error
}

// newEventWriter returns the writer of a format ("text", "json" or "ndjson")
// into w, which leads to screen.
func newEventWriter(format string, w io.Writer, screen *term.Screen) eventWriter {
	switch format {
	case "json":
		return &jsonWriter{w: w}
	case "ndjson":
		return &ndjsonWriter{w: w}
	}
	return &textWriter{w: w, paint: screen.Paint, terminal: screen.IsTerminal()}
}

// textWriter prints a line an event: its time (UTC) and its message.
type textWriter struct {
	w     io.Writer
	paint func(term.Style, string) string
	// terminal makes control characters visible. Into a file or a pipe a
	// message goes as it is, byte for byte.
	terminal bool
}

// textTime has the precision of the service: milliseconds, always three digits,
// so that messages start in the same column.
const textTime = "2006-01-02T15:04:05.000Z"

// event prints one line, or more where the message has several.
func (t *textWriter) event(e *types.OutputLogEvent) error {
	// One newline at the end is the program's own; the line has one already.
	message := strings.TrimSuffix(aws.ToString(e.Message), "\n")
	if t.terminal {
		message = term.Visible(message)
	}
	at := time.UnixMilli(aws.ToInt64(e.Timestamp)).UTC().Format(textTime)
	_, err := io.WriteString(t.w, t.paint(term.Faint, at)+" "+message+"\n")
	return err
}

func (*textWriter) end(string, string) error { return nil }

// ndjsonWriter prints a JSON object a line, with the names of the API.
type ndjsonWriter struct {
	w   io.Writer
	buf []byte // of the last event, for the next
}

func (n *ndjsonWriter) event(e *types.OutputLogEvent) error {
	b := strconv.AppendInt(append(n.buf[:0], `{"timestamp":`...), aws.ToInt64(e.Timestamp), 10)
	b = appendQuoted(append(b, `,"message":`...), aws.ToString(e.Message))
	b = strconv.AppendInt(append(b, `,"ingestionTime":`...), aws.ToInt64(e.IngestionTime), 10)
	n.buf = append(b, "}\n"...)
	_, err := n.w.Write(n.buf)
	return err
}

func (*ndjsonWriter) end(string, string) error { return nil }

// jsonWriter prints one document, byte for byte as "aws logs get-log-events"
// does: four spaces a level, letters beyond ASCII as they are.
type jsonWriter struct {
	w   io.Writer
	buf []byte
	n   int // events so far
}

// event prints the comma that the event before it left open, and the event.
func (j *jsonWriter) event(e *types.OutputLogEvent) error {
	b := append(j.buf[:0], ",\n        {\n            \"timestamp\": "...)
	if j.n++; j.n == 1 {
		b = append(j.buf[:0], "{\n    \"events\": [\n        {\n            \"timestamp\": "...)
	}
	b = strconv.AppendInt(b, aws.ToInt64(e.Timestamp), 10)
	b = appendQuoted(append(b, ",\n            \"message\": "...), aws.ToString(e.Message))
	b = strconv.AppendInt(append(b, ",\n            \"ingestionTime\": "...), aws.ToInt64(e.IngestionTime), 10)
	j.buf = append(b, "\n        }"...)
	_, err := j.w.Write(j.buf)
	return err
}

// end prints the tokens, and the brackets of a document without events.
func (j *jsonWriter) end(forward, backward string) error {
	b := append(j.buf[:0], "\n    ],\n    \"nextForwardToken\": "...)
	if j.n == 0 {
		b = append(j.buf[:0], "{\n    \"events\": [],\n    \"nextForwardToken\": "...)
	}
	b = appendQuoted(b, forward)
	b = appendQuoted(append(b, ",\n    \"nextBackwardToken\": "...), backward)
	_, err := j.w.Write(append(b, "\n}\n"...))
	return err
}

// appendQuoted appends s as a JSON string with no more escapes than JSON asks
// for; encoding/json escapes U+2028 and U+2029 too, which the AWS CLI does not.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < 0x20:
			b = appendControl(b, byte(r))
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}

// appendControl appends the shortest escape of a control character.
func appendControl(b []byte, c byte) []byte {
	const hex = "0123456789abcdef"
	if i := strings.IndexByte("\b\f\n\r\t", c); i >= 0 {
		return append(b, '\\', "bfnrt"[i])
	}
	return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}
