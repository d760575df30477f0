package entity

import (
	"maps"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

func TestResourceAttributesAreDecoded(t *testing.T) {
	for in, want := range map[string]map[string]string{
		"":                              {},
		"service.name=shop":             {"service.name": "shop"},
		" a = 1 , b=2,":                 {"a": "1", "b": "2"},
		"a=1,a=2":                       {"a": "2"},
		"a=":                            {"a": ""},
		"a=b=c":                         {"a": "b=c"},
		"a=x%2Cy%3Dz%20%25,k%2C=%C3%A9": {"a": "x,y=z %", "k,": "é"},
		"a=1+1":                         {"a": "1+1"}, // no form encoding
		"a=%FF":                         {"a": "\uFFFD"},
		"a=ü 1":                         {"a": "ü 1"},
	} {
		got, err := parseResource(in)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q: %v (-want +got):\n%s", in, err, diff)
		}
	}
}

func TestOneBadPairSpoilsTheWholeVariable(t *testing.T) {
	for in, want := range map[string]string{
		"a=1,b":      `"b" has no equals sign`,
		"=1,a=1":     `"=1" has no key`,
		"a=1,b=100%": `"100%" is not percent-encoded`,
		"a=%zz":      "is not percent-encoded",
		"a%=1":       "is not percent-encoded",
	} {
		if got, err := parseResource(in); got != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v, want %q", in, got, err, want)
		}
	}
}

func FuzzResourceAttributes(f *testing.F) {
	for _, s := range []string{
		"", "service.name=shop,deployment.environment=prod", "a=x%2Cy%3Dz%20%25", " a = 1 ,,b=2", "a=%FF", "a", "=", "a=%",
		"service.name=shop,cloud.platform=aws_ecs,aws.ecs.cluster.arn=arn:aws:ecs:eu-west-1:1:cluster/c", "service.name=\xff",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		attrs, err := parseResource(s)
		if err != nil {
			if attrs != nil {
				t.Errorf("%q: %v beside an error", s, attrs)
			}
			return
		}
		for key, value := range attrs {
			if key == "" || !utf8.ValidString(key+value) {
				t.Errorf("%q: key %q, value %q", s, key, value)
			}
		}
		again, err := parseResource(written(attrs))
		if diff := cmp.Diff(attrs, again); err != nil || diff != "" {
			t.Errorf("%q: written and read again: %v\n%s", s, err, diff)
		}
		e, err := Of(env(map[string]string{"OTEL_RESOURCE_ATTRIBUTES": s}))
		if len(e.KeyAttributes) > 0 && (err != nil || cwl.ValidateEntity(e) != nil) {
			t.Errorf("%q: entity %v, %v, %v", s, e, err, cwl.ValidateEntity(e))
		}
	})
}

// written is the variable that holds the attributes.
func written(attrs map[string]string) string {
	var pairs []string
	for key, value := range maps.All(attrs) {
		pairs = append(pairs, strings.ReplaceAll(url.QueryEscape(key), "+", "%20")+"="+strings.ReplaceAll(url.QueryEscape(value), "+", "%20"))
	}
	return strings.Join(pairs, ",")
}

// env is an environment of these variables.
func env(vars map[string]string) func(string) string {
	return func(name string) string { return vars[name] }
}
