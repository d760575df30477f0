package entity

import (
	"strings"
	"testing"
)

func TestErrorsShowNoMoreThanTheBeginningOfAVariable(t *testing.T) {
	for _, s := range []string{strings.Repeat("x", 1<<20), "=" + strings.Repeat("x", 1<<20), "a=%" + strings.Repeat("x", 1<<20)} {
		if _, err := Of(env(map[string]string{"OTEL_RESOURCE_ATTRIBUTES": s})); err == nil || len(err.Error()) > 300 {
			t.Errorf("%.400v", err)
		}
	}
}
