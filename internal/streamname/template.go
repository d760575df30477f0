// Package streamname makes the names of log streams from templates such as
//
//	{machine_name}/{program_name}/{logger_name}/{process_id}
//	{logger_name}-{strftime:%Y-%m-%d}
//	{env:APP:-app}/{attr:tenant}
//
// A name is made in three steps, so that the last one, which every event
// takes, costs next to nothing:
//
//	Parse         once          what the process knows: its names, its environment
//	Named         per handler   the logger's name
//	Name.Expand   per event     the event's time (UTC) and attributes
//
// Each step leaves fewer parts to the next, and finds adjacent text joined.
//
// A log stream's name has 1 to 512 characters, and neither ':' nor '*'. What
// is constant and breaks the rule is an error of Parse. What is not constant
// (logger names, attributes) is mended: '-' takes the place of ':', '*',
// control characters and bytes that are not UTF-8, and a name is cut to 512
// bytes between two characters.
package streamname

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/strftime"
)

// Default is the template that takes the place of an empty one. It is that of
// Python's watchtower.
const Default = "{machine_name}/{program_name}/{logger_name}/{process_id}"

// A Template is a parsed template. It is immutable but for its cache of names
// and safe for concurrent use.
type Template struct {
	parts []part
	attrs []string
	late  []string
	cache *cache // nil without attrs
	// name serves every logger when the template does not ask for its name.
	name *Name
}

// Parse parses a template; an empty one means Default. The placeholders are
//
//	{machine_name}        the host's name as the system has it
//	{hostname}            the same up to its first dot
//	{program_name}        the last element of os.Args[0], with ':' removed
//	{process_id}          the process's id
//	{uuid}                a random UUID, one for the life of the process
//	{env:NAME}            an environment variable, which must be set
//	{env:NAME:-default}   the same; the default if it is unset or empty
//	{logger_name}         the name of the logger, "root" for one without
//	{strftime:%Y-%m-%d}   the event's time in UTC; package strftime has the letters
//	{attr:KEY}            a top-level attribute of the record, "none" if it is missing or empty
//
// and, of the place where the process runs, "unknown" for what is not known,
//
//	{k8s.pod} {k8s.namespace}      of Kubernetes
//	{lambda.function}              of Lambda
//	{ecs.task_id} {ecs.cluster}    of ECS; see Template.Late
//	{ec2.instance_id}              of EC2; see Template.Late
//
// and {{ and }} stand for braces. fact looks up the first three, "" for unknown;
// if nil, all are. env looks up environment variables; if nil,
// it is os.LookupEnv. Errors name the placeholder, its place in the template
// (in characters, from 1) and what to write instead.
func Parse(template string, env func(string) (string, bool), fact func(name string) string) (*Template, error) {
	if env == nil {
		env = os.LookupEnv
	}
	here := thisProcess()
	here.fact = fact
	return parse(template, env, here)
}

// parse is Parse with the facts about the process given.
func parse(template string, env func(string) (string, bool), facts process) (*Template, error) {
	if template == "" {
		template = Default
	}
	p := parser{text: template, env: env, process: facts}
	err := p.run()
	if err == nil {
		err = validate(p.parts)
	}
	if err != nil {
		return nil, fmt.Errorf("log stream name %.80q: %w", template, err)
	}
	t := &Template{parts: p.parts, attrs: p.attrs, late: p.late}
	if len(t.attrs) > 0 {
		t.cache = newCache()
	}
	if !slices.ContainsFunc(t.parts, func(p part) bool { return p.kind == logger }) {
		t.name = newName(t, "")
	}
	return t, nil
}

// validate checks what only the whole of the parts can tell.
func validate(parts []part) error {
	if len(parts) == 0 {
		return errors.New("it expands to nothing: give it some text or {logger_name}")
	}
	// A Wednesday in September has the longest name of all days.
	longest := time.Date(2026, 9, 30, 22, 22, 22, 0, time.UTC)
	var b []byte
	for _, p := range parts {
		switch p.kind {
		case literal:
			b = append(b, p.text...)
		case clock:
			b = strftime.Append(b, longest, p.text)
		}
	}
	if len(b) > cwl.MaxNameLength {
		return fmt.Errorf("its constant parts have %d bytes, at most %d are allowed: shorten it", len(b), cwl.MaxNameLength)
	}
	return nil
}

// Attrs returns the keys of the {attr:KEY} placeholders, each once, in the
// order of their first use: what the attrs function of Name.Expand is asked
// for by index. The caller must not change the slice.
func (t *Template) Attrs() []string { return t.attrs }

// Static returns the one name that the template stands for, if neither the
// logger nor the event has a part in it.
func (t *Template) Static() (string, bool) {
	if t.name == nil {
		return "", false
	}
	return t.name.Static()
}

// Named binds the template to a logger's name; "" is "root". It is cheap
// enough to be called for every derived logger.
func (t *Template) Named(logger string) *Name {
	if t.name != nil {
		return t.name
	}
	return newName(t, logger)
}
