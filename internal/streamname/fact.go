package streamname

import (
	"slices"
	"strings"
)

// late are the facts that are not known when a template is parsed, because a
// service of the machine has to be asked. Until Fill, a name has in the place of
// each a control character, 1 for the first: nothing else in a name is one.
var late = []string{"ecs.task_id", "ecs.cluster", "ec2.instance_id"}

// fact returns the row of a fact that is known when a template is parsed.
func fact(name string) placeholder {
	return placeholder{name, "", func(p *parser, _ string) (part, error) {
		var text string
		if p.process.fact != nil {
			text = p.process.fact(name)
		}
		return part{text: cleaned(text, "unknown")}, nil
	}}
}

// lateFact returns the row of one that is not.
func lateFact(name string) placeholder {
	mark := string(rune(1 + slices.Index(late, name)))
	return placeholder{name, "", func(p *parser, _ string) (part, error) {
		if !slices.Contains(p.late, name) {
			p.late = append(p.late, name)
		}
		return part{text: mark}, nil
	}}
}

// Late returns the facts that names of the template lack, each once: they are
// whole after Fill.
func (t *Template) Late() []string { return t.late }

// Fill puts the facts into a name that lacks them. fact returns one by its name
// as in Late, "" for unknown.
func Fill(name string, fact func(string) string) string {
	at := strings.IndexFunc(name, marked)
	if at < 0 {
		return name
	}
	var full []byte
	fits := true
	for at >= 0 && fits {
		if full, fits = appendText(full, name[:at]); fits {
			full, fits = appendText(full, cleaned(fact(late[name[at]-1]), "unknown"))
		}
		name = name[at+1:]
		at = strings.IndexFunc(name, marked)
	}
	if fits {
		full, _ = appendText(full, name)
	}
	return string(full)
}

// marked reports whether r stands for a fact.
func marked(r rune) bool { return r >= 1 && int(r) <= len(late) }
