package streamname

// A part is a piece of a template.
type part struct {
	kind kind
	// text is what a literal says, and the layout of a clock.
	text string
	// attr is the index in Template.attrs of an attribute.
	attr int
}

// A kind tells when the text of a part is known.
type kind uint8

const (
	literal   kind = iota // when the template is parsed
	logger                // when it is bound to a logger's name
	clock                 // for each period of the finest unit in its layouts
	attribute             // for each event
)

// add appends p to parts. It joins a literal with one before it.
func add(parts []part, p part) []part {
	if p.kind != literal {
		return append(parts, p)
	}
	if p.text == "" {
		return parts
	}
	if last := len(parts) - 1; last >= 0 && parts[last].kind == literal {
		parts[last].text += p.text
		return parts
	}
	return append(parts, p)
}

// resolve returns parts with every one of kind k turned into a literal.
func resolve(parts []part, k kind, text func(part) string) []part {
	resolved := make([]part, 0, len(parts))
	for _, p := range parts {
		if p.kind == k {
			p = part{kind: literal, text: text(p)}
		}
		resolved = add(resolved, p)
	}
	return resolved
}
