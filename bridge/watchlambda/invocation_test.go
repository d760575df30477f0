package watchlambda

import (
	"strings"
	"testing"
)

func FuzzTraceRootIsAFieldOfTheHeader(f *testing.F) {
	for _, header := range []string{"", "Root=1-2-3", "Self=1;Root=1-2-3;Sampled=?", " Root=", "Root", ";;=;Root==", "root=1"} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		root := traceRoot(header)
		if strings.Contains(root, ";") || !strings.Contains(header, root) || root != "" && (len(root) != 35 || !strings.Contains(header, "Root="+root)) {
			t.Errorf("%q has the root %q", header, root)
		}
	})
}

func TestTraceRootIsFoundAmongOtherFields(t *testing.T) {
	for header, want := range map[string]string{
		"": "",

		"Parent=53995c3f42cd8ad8": "",

		"Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1": "1-5759e988-bd862e3fe1be46a994272793",

		"Self=1-67891234-12456789abcdef012345678;Root=1-5759e988-bd862e3fe1be46a994272793": "1-5759e988-bd862e3fe1be46a994272793",

		"Root=1-2-3": "",

		"Root=1-5759e988-bd862e3fe1be46a99427279\n": "",

		"Root=1-5759E988-bd862e3fe1be46a994272793": "",

		"Root=2-5759e988-bd862e3fe1be46a994272793": "",
	} {
		if got := traceRoot(header); got != want {
			t.Errorf("%q has the root %q, want %q", header, got, want)
		}
	}
}
