package streamname

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/watchtower-go/watchtower/internal/near"
	"github.com/watchtower-go/watchtower/internal/strftime"
)

// A placeholder is one of the words that may stand between braces.
type placeholder struct {
	name string
	// arg is an example of what must follow a colon, "" if nothing may.
	arg string
	// part makes the part that the placeholder stands for.
	part func(p *parser, arg string) (part, error)
}

// String returns the placeholder as it is written.
func (p placeholder) String() string {
	if p.arg == "" {
		return "{" + p.name + "}"
	}
	return "{" + p.name + ":" + p.arg + "}"
}

// placeholders lists what Parse knows; a new one is a row here and a line in
// the comment of Parse. The facts about the process were cleaned where they
// were found: nobody who writes a template can help an odd host name.
var placeholders = []placeholder{
	{"machine_name", "", func(p *parser, _ string) (part, error) { return part{text: p.process.machine}, nil }},
	{"program_name", "", func(p *parser, _ string) (part, error) { return part{text: p.process.program}, nil }},
	{"logger_name", "", func(*parser, string) (part, error) { return part{kind: logger}, nil }},
	{"process_id", "", func(p *parser, _ string) (part, error) { return part{text: strconv.Itoa(p.process.id)}, nil }},
	{"strftime", "%Y-%m-%d", (*parser).strftime},
	{"env", "NAME", (*parser).envVar},
	{"hostname", "", func(p *parser, _ string) (part, error) { return part{text: p.process.host()}, nil }},
	{"uuid", "", func(*parser, string) (part, error) { return part{text: processUUID()}, nil }},
	{"attr", "KEY", (*parser).attr},
	lateFact("ecs.task_id"),
	lateFact("ecs.cluster"),
	lateFact("ec2.instance_id"),
	fact("k8s.pod"),
	fact("k8s.namespace"),
	fact("lambda.function"),
}

// strftime takes a layout. Whether its results have ':' shows in any of them.
func (p *parser) strftime(layout string) (part, error) {
	if err := strftime.Validate(layout); err != nil {
		return part{}, err
	}
	result := strftime.Append(nil, time.Unix(0, 0).UTC(), layout)
	if _, err := p.constant("the result", string(result)); err != nil {
		return part{}, fmt.Errorf("%w: use a layout such as %%H-%%M", err)
	}
	return part{kind: clock, text: layout}, nil
}

// envVar takes NAME or NAME:-default, which the shell has taught everyone:
// the default also takes the place of an empty value. The value is not
// repeated in errors; some variables are secrets put there by mistake.
func (p *parser) envVar(arg string) (part, error) {
	name, fallback, hasDefault := strings.Cut(arg, ":")
	if name == "" {
		return part{}, errors.New("it needs the name of a variable: write {env:NAME}")
	}
	if hasDefault && !strings.HasPrefix(fallback, "-") {
		return part{}, fmt.Errorf("a default follows :- : write {env:%s:-%s}", name, fallback)
	}
	value, set := p.env(name)
	switch {
	case hasDefault && value == "":
		return p.constant("the default", fallback[1:])
	case !set:
		return part{}, fmt.Errorf("the environment variable %s is not set: set it, or give a default as in {env:%s:-default}", name, name)
	}
	return p.constant("the environment variable "+name, value)
}

// attr takes the key of an attribute.
func (p *parser) attr(key string) (part, error) {
	i := slices.Index(p.attrs, key)
	if i < 0 {
		i = len(p.attrs)
		p.attrs = append(p.attrs, key)
	}
	return part{kind: attribute, attr: i}, nil
}

// elsewhere gives our names for what other libraries call otherwise, where the
// spelling is too different to be guessed.
var elsewhere = map[string]string{
	"date": "strftime", "datetime": "strftime", "time": "strftime", "timestamp": "strftime", "asctime": "strftime",
	"host": "hostname", "machine": "machine_name", "node": "machine_name",
	"logger": "logger_name", "name": "logger_name",
	"pid": "process_id", "process": "process_id",
	"program": "program_name", "app": "program_name",
	"attribute": "attr", "environ": "env",
}

// unknown returns the error for a placeholder that is not there, with those that may
// be.
func (p *parser) unknown(name string) error {
	if name == "thread_name" {
		return errThread
	}
	const longest = 64 // what can still be near a placeholder
	lower := strings.ToLower(name[:min(len(name), longest)])
	if ours, ok := elsewhere[lower]; ok {
		lower = ours
	}
	nearest := slices.MinFunc(placeholders, func(a, b placeholder) int {
		return near.Distance(lower, a.name) - near.Distance(lower, b.name)
	})
	if near.Distance(lower, nearest.name) <= 1+len(nearest.name)/3 {
		if p.free && slices.Contains(perRecord, nearest.name) {
			return errPerRecord
		}
		return fmt.Errorf("unknown placeholder: did you mean %s?", nearest)
	}
	var known []string
	for _, k := range placeholders {
		if !p.free || !slices.Contains(perRecord, k.name) {
			known = append(known, k.String())
		}
	}
	if p.free {
		return fmt.Errorf("unknown placeholder: known are %s", strings.Join(known, " "))
	}
	return fmt.Errorf("unknown placeholder: nearest is %s; known are %s", nearest, strings.Join(known, " "))
}
