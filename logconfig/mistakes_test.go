package logconfig_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/logconfig"
	"github.com/watchtower-go/watchtower/watchtowertest"
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

// What a program sets, and what only starting finds, is told in the words of the document.
func TestErrorsOfStartingSpeakOfTheDocument(t *testing.T) {
	t.Setenv("AWS_CONFIG_FILE", "/dev/null")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
	for _, test := range []struct {
		keys string
		set  func(*watchtower.Options)
		want []string
	}{
		{"boto3_profile_name: nobody", func(*watchtower.Options) {}, []string{
			`configuration:3:86: handlers.c.boto3_profile_name: `, `no AWS profile "nobody"`, ` in boto3_profile_name or AWS_PROFILE`,
		}},
		{"level: INFO", func(o *watchtower.Options) { o.RecordAttrs = []string{"lineno"} }, []string{
			`handlers.c: Options.Watchtower sets RecordAttrs`, `a formatter that names the attributes`,
		}},
		{"level: INFO", func(o *watchtower.Options) { o.Format = watchtower.FormatText }, []string{
			`handlers.c: Options.Watchtower sets Format`, `write format: text in the document`,
		}},
	} {
		cfg, err := logconfig.Read(strings.NewReader("version: 1\nhandlers:\n  c: {class: watchtower.CloudWatchLogHandler, "+
			"region: eu-west-1, "+test.keys+"}\nroot: {handlers: [c]}\n"), &logconfig.Options{
			Watchtower: func(_ string, o *watchtower.Options) { test.set(o) },
		})
		if err == nil {
			cfg.Close(t.Context())
			t.Errorf("%s: it was taken", test.keys)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: no %q in %v", test.keys, want, err)
			}
		}
	}
}

func TestCloudWatchGivesTheHandlersOfTheDocument(t *testing.T) {
	server := watchtowertest.NewServer(t)
	cfg, err := logconfig.Read(strings.NewReader(`
version: 1
handlers: {c: {class: cloudwatch, log_group_name: g}, out: {class: "null"}}
root: {handlers: [c]}
`), &logconfig.Options{Watchtower: func(_ string, o *watchtower.Options) { o.Client = server.Client() }})
	if err != nil {
		t.Fatal(err)
	}
	defer cfg.Close(t.Context())
	if cfg.CloudWatch("out") != nil || cfg.CloudWatch("none") != nil {
		t.Error("there is a handler that is not CloudWatch's")
	}
	cfg.Logger("").Warn("m")
	if err := cfg.CloudWatch("c").Flush(t.Context()); err != nil || len(server.Events("g")) != 1 {
		t.Errorf("%v, %d events", err, len(server.Events("g")))
	}
}
