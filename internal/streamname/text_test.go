package streamname

import (
	"strings"
	"testing"
)

func TestTextMayHaveAnyCharacter(t *testing.T) {
	env := func(name string) (string, bool) {
		if name == "X" {
			return "a:b*\x01\xff", true
		}
		return "", false
	}
	known := func(fact string) string {
		return map[string]string{"k8s.pod": "pod-1", "ecs.task_id": "5f\"\\\n" + strings.Repeat("x", 300), "ecs.cluster": "blue"}[fact]
	}
	for template, want := range map[string]string{
		"":                                "",
		"checkout":                        "checkout",
		"v1:2*\x01{{}}é":                  "v1:2*-{}é",
		"{env:X}/{env:Y:-d:e}":            "a:b*-\uFFFD/d:e",
		"{k8s.pod}@{k8s.namespace}":       "pod-1@unknown",
		"{ecs.cluster}/{ec2.instance_id}": "blue/unknown",
		"{ecs.task_id}":                   "5f---" + strings.Repeat("x", 251),
	} {
		text, err := ParseText(template, env, known)
		if err != nil {
			t.Errorf("%s: %v", template, err)
			continue
		}
		if got := text.Expand(known); got != want || len(got) > len(text.Longest()) {
			t.Errorf("%s: %q (at most %d bytes), want %q", template, got, len(text.Longest()), want)
		}
		if late := strings.Contains(template, "{ec"); late != (len(text.Late()) > 0) {
			t.Errorf("%s: late %v", template, text.Late())
		}
	}
}

func TestTextIsTheSameInAllRecords(t *testing.T) {
	for template, want := range map[string]string{
		"{logger_name}":        "{logger_name} at character 1: it is different in each record",
		"x{strftime:%Y}":       "at character 2: it is different",
		"{attr:tenant}":        "it is different",
		"{env:SURELY_NOT_SET}": "is not set",
		"{ecs.taskid}":         "did you mean {ecs.task_id}?",
		"{":                    "is not closed",
		"{loger_name}":         "{loger_name} at character 1: it is different",
		"{date:%Y}":            "it is different",
		"{fargate}": "unknown placeholder: known are {machine_name} {program_name} {process_id} {env:NAME} {hostname} {uuid} " +
			"{ecs.task_id} {ecs.cluster} {ec2.instance_id} {k8s.pod} {k8s.namespace} {lambda.function}",
	} {
		if _, err := ParseText(template, nil, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", template, err)
		}
	}
}
