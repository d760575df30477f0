// Package encode turns a slog.Record, or a line of text, into cwl.Events:
// fragments of a PutLogEvents body that are never parsed or copied into
// another shape again.
//
//	{"timestamp":1763670000123,"message":"{\"time\":\"2025-11-20T20:20:00.123Z\",\"level\":\"INFO\",\"msg\":\"ready\"}"}
//
// The message is formatted and escaped in one go: a quotation mark inside an
// attribute is written as \\\" at once. A second pass over the finished line
// would cost as much as all the rest. Beside the bytes the encoder counts what
// only the escaping added, so that the length of the message as the service
// counts it (UTF-8, unescaped) is known to the byte without looking again.
//
// # Semantics
//
// JSON and text are what slog.JSONHandler and slog.TextHandler write, with
// these differences, all of them in JSON but the first two: what panics
// becomes the text "!PANIC: …", never a crash; a group that turns out to be
// empty is left out wherever it comes from; invalid UTF-8 becomes U+FFFD
// itself, 3 bytes, not its escape sequence; a struct that is a fmt.Stringer
// and has no marshaler becomes its text; a year that RFC 3339 cannot write
// becomes an error text and the line stays valid.
//
// Redact gets each text with its key, whatever it was a text of: strings, errors,
// Stringers, bytes, and what marshals to a JSON string; and each number as JSON has
// it, which stays one if another takes its place. Of other values of no kind
// of slog's own it gets the strings and numbers within the JSON that they marshal
// to, each with its own key, and then that JSON as a whole; what it makes of this
// is written as JSON if it is valid, else as a string. A formatter's message and a
// line come whole, with no key. What it returns unchanged is written as without it.
//
// The timestamp is the record's time in milliseconds, never altered; a record
// without a time has the time of the call. The service knows no time before
// 1970: such an event has the timestamp 0, for which the service will reject
// it as too old.
//
// # Messages that are too long
//
// Shrink shortens the longest strings of a JSON message, on rune boundaries,
// and adds a field that gives the original length in bytes of each:
//
//	"_truncated":{"msg":123456,"user.bio":99999}
//
// Keys are joined by dots, elements of arrays are numbered. Strings of up to
// 64 bytes are left alone. Where that is not enough, the largest top-level
// fields are left out; such a field is named in the same place, with the
// length of its JSON text. The longest come first; what is not named for want of
// room is counted: "...":12. The field that declares metrics, and those that it
// refers to, stay whole; if they do not even fit alone that field is left out, so
// that none is declared. Any other message is cut and ends in
//
//	… [truncated from 123456 bytes]
//
// Split makes numbered parts of the message, with an id in common (16
// hexadecimal digits, random). The parts of a JSON message are JSON themselves:
//
//	{"level":"ERROR","_id":"89abcdef01234567","_part":"2/5","_text":"…"}
//
// ("level" is absent for a line that was not a record), those of any other
// message have a prefix:
//
//	[_id=89abcdef01234567 _part=2/5] …
//
// The values of _text, or what follows the prefix and its blank, joined in the
// order of the numbers, are the original message, byte for byte. All parts have
// the same timestamp. Metrics that the message declares are in no part: one more
// event has the field that declares them, and those that it refers to,
//
//	{"level":"ERROR","_id":"89abcdef01234567","Service":"checkout","Latency":12.3,"_aws":{…}}
//
// unless these do not even fit alone.
package encode
