package cwlocal_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower/cwlocal"
)

// TestFaultsAreDocumented holds docs/faults.md to the rules: each in it is
// accepted, and no kind and no field is missing.
func TestFaultsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../docs/faults.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[cwlocal.FaultKind]bool{}
	for _, rule := range regexp.MustCompile(`\{"kind"[^}]*\}`).FindAllString(string(page), -1) {
		var f cwlocal.Fault
		if err := json.Unmarshal([]byte(rule), &f); err != nil {
			t.Errorf("%s: %v", rule, err)
		}
		shown[f.Kind] = true
	}
	_, kinds, _ := strings.Cut((&cwlocal.Faults{}).Add(cwlocal.Fault{}).Error(), "want one of ")
	for kind := range strings.SplitSeq(kinds, ", ") {
		if !shown[cwlocal.FaultKind(kind)] {
			t.Errorf("kind %s has no rule on the page", kind)
		}
	}
	for field := range strings.SplitSeq(fieldNames, ", ") {
		if !strings.Contains(string(page), "`"+field+"`") && !strings.Contains(string(page), `"`+field+`"`) {
			t.Errorf("field %s is not on the page", field)
		}
	}
}
