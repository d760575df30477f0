package streamname

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFixedFactsArePartsOfTheName(t *testing.T) {
	here := somewhere
	here.fact = func(name string) string {
		return map[string]string{"k8s.pod": "shop-1", "lambda.function": "a:b"}[name]
	}
	parsed, err := parse("{k8s.namespace}/{k8s.pod}/{lambda.function}", environment, here)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := parsed.Static(); !ok || got != "unknown/shop-1/a-b" {
		t.Errorf("%q, %v", got, ok)
	}
	if len(parsed.Late()) > 0 {
		t.Errorf("late: %q", parsed.Late())
	}
}

func TestFillPutsLateFactsIntoNames(t *testing.T) {
	parsed, err := parse("{ecs.cluster}/{{ecs.cluster}}/{attr:a}/{ecs.task_id}-{ecs.cluster}", environment, somewhere)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"ecs.cluster", "ecs.task_id"}, parsed.Late()); diff != "" {
		t.Errorf("late (-want +got):\n%s", diff)
	}
	raw := parsed.Named("").Expand(0, func(int) []byte { return []byte("\x01\x02{ecs.task_id}") })
	facts := func(name string) string { return map[string]string{"ecs.cluster": "pro:d"}[name] }
	const want = "pro-d/{ecs.cluster}/--{ecs.task_id}/unknown-pro-d"
	if got := Fill(raw, facts); got != want || Fill(got, facts) != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestFilledNamesAreCut(t *testing.T) {
	parsed, err := parse(strings.Repeat("x", 500)+"{ecs.task_id}y", environment, somewhere)
	if err != nil {
		t.Fatal(err)
	}
	got := Fill(parsed.Named("").Expand(0, nil), func(string) string { return strings.Repeat("ä", 10) })
	if want := strings.Repeat("x", 500) + strings.Repeat("ä", 6); got != want {
		t.Errorf("%q", got)
	}
}
