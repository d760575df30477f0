package pyformat

import (
	"fmt"
	"log/slog"
	"strconv"
	"time"
)

// attr appends a value of the user's.
func (s *spec) attr(dst []byte, v slog.Value) []byte {
	switch v.Kind() {
	case slog.KindInt64:
		return s.signed(dst, v.Int64())
	case slog.KindFloat64:
		return s.fraction(dst, v.Float64())
	case slog.KindUint64:
		if int64(v.Uint64()) >= 0 {
			return s.signed(dst, int64(v.Uint64()))
		}
		if s.shows() != text {
			return s.whole(dst, false, v.Uint64())
		}
	case slog.KindBool:
		// Python's bools are the numbers 0 and 1 to whatever shapes them.
		if k := s.shows(); k == integer || k == float || k == unknown && *s != (spec{fill: ' ', prec: -1}) {
			if v.Bool() {
				return s.signed(dst, 1)
			}
			return s.signed(dst, 0)
		}
	}
	plain := *s
	if s.shows() != text && s.shows() != unknown {
		plain.prec = -1 // it counts decimals, and must not cut a text
	}
	mark := len(dst)
	return plain.text(appendAttr(dst, v), mark, v.Kind() == slog.KindString)
}

// appendAttr appends a value as Python's str would show it, where Python has such
// a value, and otherwise as Go does.
func appendAttr(dst []byte, v slog.Value) []byte {
	switch v.Kind() {
	case slog.KindString:
		return append(dst, v.String()...)
	case slog.KindUint64:
		return strconv.AppendUint(dst, v.Uint64(), 10)
	case slog.KindBool:
		if v.Bool() {
			return append(dst, "True"...)
		}
		return append(dst, "False"...)
	case slog.KindDuration:
		return append(dst, v.Duration().String()...)
	case slog.KindTime:
		return v.Time().AppendFormat(dst, time.RFC3339Nano)
	case slog.KindAny:
		if v.Any() == nil {
			return append(dst, "None"...)
		}
	}
	// fmt turns panics of String and Error methods into text.
	return fmt.Append(dst, v.Any())
}
