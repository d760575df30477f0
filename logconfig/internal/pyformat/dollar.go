package pyformat

import (
	"strings"
)

// parseDollar reads a format in the style of string.Template.
func parseDollar(whole string) ([]part, error) {
	var parts []part
	fields := 0
	for at := 0; at < len(whole); {
		n := strings.IndexByte(whole[at:], '$')
		if n < 0 {
			parts = literal(parts, whole[at:])
			break
		}
		parts = literal(parts, whole[at:at+n])
		at += n
		if strings.HasPrefix(whole[at:], "$$") {
			parts = literal(parts, "$")
			at += 2
			continue
		}
		name, end := identifier(whole, at)
		if name == "" {
			return nil, wrong(whole, at, end, "a dollar sign needs a name, $message or ${message}: write $$ for a dollar sign")
		}
		f, problem := named(name, "${%s}")
		if problem != "" {
			return nil, wrong(whole, at, end, "%s", problem)
		}
		parts = append(parts, part{field: f, spec: spec{convert: 's', prec: -1}})
		fields++
		at = end
	}
	if fields == 0 {
		return nil, wrong(whole, 0, len(whole), "it names no field: write one in the way of $message, or set the style to %% or {")
	}
	return parts, nil
}

// identifier reads the name after a dollar sign. It is "" where there is
// none.
func identifier(whole string, at int) (name string, end int) {
	from := at + 1
	braced := strings.HasPrefix(whole[from:], "{")
	if braced {
		from++
	}
	end = from
	for end < len(whole) && isWord(whole[end], end == from) {
		end++
	}
	name = whole[from:end]
	if !braced {
		return name, end
	}
	if strings.HasPrefix(whole[end:], "}") {
		return name, end + 1
	}
	return "", end
}

// isWord reports whether c may be in an identifier, or begin one.
func isWord(c byte, first bool) bool {
	letter := 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_'
	return letter || !first && '0' <= c && c <= '9'
}
