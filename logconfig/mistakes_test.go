package logconfig_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/logconfig"
)

// Each mistake is told once, where it is, and nothing else with it.
func TestMistakesOfHandlersAreToldWhereTheyAre(t *testing.T) {
	for handler, want := range map[string]string{
		"{class: watchtower.CloudWatchLogHandler, max_batch_size: 5}":                     `handlers.c.max_batch_size: 5 is too small: at least 1050`,
		"{class: cloudwatch, max_batch_size: 5, fields: {a: b}}":                          `handlers.c.max_batch_size: 5 is too small: at least 1050`,
		"{class: cloudwatch, fields: {a: x, nested: {b: 1}}}":                             `handlers.c.fields.nested: a mapping is not a text`,
		"{class: cloudwatch, tags: {a: [x]}}":                                             `handlers.c.tags.a: a list is not a text`,
		"{class: watchtower.django.DjangoCloudWatchLogHandler}":                           `handlers.c.class: unknown handler class "watchtower.django.DjangoCloudWatchLogHandler": it needs Django, write watchtower.CloudWatchLogHandler`,
		"{class: watchtower.CloudWatchLogHandler, use_queues: false, spool_dir: /tmp/sp}": `handlers.c.use_queues: `,
	} {
		err := logconfig.Check("f.yaml", []byte("version: 1\nhandlers:\n  c: "+handler+"\nroot: {handlers: [c]}\n"))
		if err == nil {
			t.Errorf("%s: it was taken", handler)
			continue
		}
		var told []string
		for line := range strings.Lines(err.Error()) {
			if _, text, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && strings.HasPrefix(line, "f.yaml:") {
				told = append(told, text)
			}
		}
		if len(told) != 1 || !strings.HasPrefix(told[0], want) {
			t.Errorf("%s: %s", handler, cmp.Diff([]string{want}, told))
		}
	}
}

func TestAMissingClassNamesNullInQuotes(t *testing.T) {
	err := logconfig.Check("f.yaml", []byte("version: 1\nhandlers: {c: {class: null}}\n"))
	if err == nil || !strings.Contains(err.Error(), `syslog, "null" (in quotes), cloudwatch`) {
		t.Errorf("%v", err)
	}
}
