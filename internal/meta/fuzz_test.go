package meta

import (
	"strings"
	"testing"
)

// What answers at the address may be anything.
func FuzzTaskMetadata(f *testing.F) {
	for _, name := range []string{"task-fargate.json", "task-ec2.json"} {
		f.Add(example(f, name))
	}
	f.Add([]byte(`{"Cluster":"a/","TaskARN":"b"}`))
	f.Add([]byte(`{"Cluster":1}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		facts, err := parseTask(body)
		if (err == nil) != (facts != nil) {
			t.Fatalf("%v, %v", facts, err)
		}
		for fact, value := range facts {
			if value == "" || strings.Contains(value, "/") {
				t.Errorf("%s is %q", fact, value)
			}
		}
	})
}
