package streamname

import (
	"strings"
	"testing"
)

func TestErrorsNamePlaceholderPlaceAndRemedy(t *testing.T) {
	const cannot = "a log stream name cannot have it: use '-' or '/'"
	cases := []struct{ template, want string }{
		// Braces.
		{"app}", `'}' at character 4 opens nothing: write }} for a brace`},
		{"größe{", `'{' at character 6 is not closed: write {{ for a brace`},
		{"{logger_name", `'{' at character 1 is not closed: write {{ for a brace`},
		{"{logger_{process_id}", `'{' at character 1 is not closed: write {{ for a brace`},
		// Words.
		{"{}", `{} at character 1: unknown placeholder: nearest is {env:NAME}; known are ` + known},
		{"größe-{loger_name}", `{loger_name} at character 7: unknown placeholder: did you mean {logger_name}?`},
		{"{LoggerName}", `{LoggerName} at character 1: unknown placeholder: did you mean {logger_name}?`},
		{"{logger_name!r}", `{logger_name!r} at character 1: unknown placeholder: did you mean {logger_name}?`},
		{"{ uuid }", `{ uuid } at character 1: unknown placeholder: did you mean {uuid}?`},
		{"{pid}", `{pid} at character 1: unknown placeholder: did you mean {process_id}?`},
		{"{date:%Y}", `{date:%Y} at character 1: unknown placeholder: did you mean {strftime:%Y-%m-%d}?`},
		{"{ec2.instance}", `{ec2.instance} at character 1: unknown placeholder: did you mean {ec2.instance_id}?`},
		{"{fargate}", `{fargate} at character 1: unknown placeholder: nearest is {attr:KEY}; known are ` + known},
		{"{thread_name}", `{thread_name} at character 1: a Go program has no threads to name: use {logger_name}, or {attr:KEY} with an attribute that tells workers apart`},
		// Arguments.
		{"{logger_name:10}", `{logger_name:10} at character 1: it takes no argument: write {logger_name}`},
		{"{uuid:}", `{uuid:} at character 1: it takes no argument: write {uuid}`},
		{"{strftime}", `{strftime} at character 1: it needs an argument: write {strftime:%Y-%m-%d}`},
		{"{attr:}", `{attr:} at character 1: it needs an argument: write {attr:KEY}`},
		{"{strftime:%Q}", `{strftime:%Q}: "%Q" at character 11: unknown conversion: the letters known are aAbBcCdDeFfgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%`},
		{"größe/{strftime:%d ä %Q}", `{strftime:%d ä %Q}: "%Q" at character 22: unknown conversion: the letters known are aAbBcCdDeFfgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%`},
		// The environment.
		{"{env}", `{env} at character 1: it needs an argument: write {env:NAME}`},
		{"{env::-x}", `{env::-x} at character 1: it needs the name of a variable: write {env:NAME}`},
		{"{env:NONE}", `{env:NONE} at character 1: the environment variable NONE is not set: set it, or give a default as in {env:NONE:-default}`},
		{"{env:APP:x}", `{env:APP:x} at character 1: a default follows :- : write {env:APP:-x}`},
		// Constants that break the rule.
		{"a/größe:1", `':' at character 8: ` + cannot},
		{"*", `'*' at character 1: ` + cannot},
		{"app\n", `'\n' at character 4: ` + cannot},
		{"app\xff", `byte 0xff (not UTF-8) at character 4: ` + cannot},
		{"{env:ARN}", `{env:ARN} at character 1: the environment variable ARN has ':', which a log stream name cannot have`},
		{"{env:LINE}", `{env:LINE} at character 1: the environment variable LINE has '\n', which a log stream name cannot have`},
		{"{env:BAD}", `{env:BAD} at character 1: the environment variable BAD has byte 0xff (not UTF-8), which a log stream name cannot have`},
		{"{env:NONE:-a*}", `{env:NONE:-a*} at character 1: the default has '*', which a log stream name cannot have`},
		{"{strftime:%H:%M}", `{strftime:%H:%M} at character 1: the result has ':', which a log stream name cannot have: use a layout such as %H-%M`},
		{"{strftime:%T}", `{strftime:%T} at character 1: the result has ':', which a log stream name cannot have: use a layout such as %H-%M`},
		{"{strftime:%n}", `{strftime:%n} at character 1: the result has '\n', which a log stream name cannot have: use a layout such as %H-%M`},
		// The whole.
		{"{env:EMPTY}", `it expands to nothing: give it some text or {logger_name}`},
		{"{env:LONG}{env:LONG}", `its constant parts have 600 bytes, at most 512 are allowed: shorten it`},
		{strings.Repeat("x", 504) + "{strftime:%A}", `its constant parts have 513 bytes, at most 512 are allowed: shorten it`}, // Wednesday
		{"{attr:a}{strftime:%513d}", `its constant parts have 513 bytes, at most 512 are allowed: shorten it`},
	}
	for _, c := range cases {
		_, err := parse(c.template, environment, somewhere)
		if err == nil {
			t.Errorf("%q is accepted", c.template)
			continue
		}
		_, got, _ := strings.Cut(err.Error(), `": `)
		if !strings.HasPrefix(err.Error(), `log stream name "`) || got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.template, err, c.want)
		}
	}
}

const known = "{machine_name} {program_name} {logger_name} {process_id} {strftime:%Y-%m-%d} {env:NAME} {hostname} {uuid} {attr:KEY} {ecs.task_id} {ecs.cluster} {ec2.instance_id} {k8s.pod} {k8s.namespace} {lambda.function}"

func TestLongTemplatesDoNotFloodTheirErrors(t *testing.T) {
	for _, template := range []string{
		strings.Repeat("x", 10_000),
		"{" + strings.Repeat("x", 10_000) + "}",
		"{logger_name:" + strings.Repeat("x", 10_000) + "}",
	} {
		_, err := parse(template, environment, somewhere)
		if err == nil || len(err.Error()) > 500 {
			t.Errorf("%.20q…: %v", template, err)
		}
	}
}
