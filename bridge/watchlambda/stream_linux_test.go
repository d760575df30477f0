package watchlambda_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/watchtowertest"
)

// What a function logs while its response is under way is delivered too, and Lambda
// gets the response in the form of function URLs.
func TestStreamIsDeliveredToItsEnd(t *testing.T) {
	bothWays(t, func(t *testing.T, way string) {
		logs := watchtowertest.NewServer(t)
		e := start(t, logs, way+streams, nil)
		for n := range 20 {
			a := e.Invoke(payload(t, order{N: n, Records: each}), enough)
			if want := `{"statusCode":201}` + strings.Repeat("\x00", 8) + strings.Repeat("line\n", each); a.Response != want ||
				a.Type != "application/vnd.awslambda.http-integration-response" || a.Failed || a.TimedOut || a.Exited {
				t.Fatalf("%+v", a)
			}
		}
		if a := e.Invoke(payload(t, order{Do: "fail"}), enough); !a.Failed || a.Exited || !strings.Contains(a.Response, "no such order") {
			t.Errorf("%+v", a)
		}
		e.Kill()
		wantOnce(t, logs, 0, 20, each)
		if _, others := stored(t, logs); !slices.Equal(others, []string{"init", "the handler failed"}) {
			t.Errorf("also stored: %q", others)
		}
	})
}

func TestStreamThatBreaksIsDelivered(t *testing.T) {
	bothWays(t, func(t *testing.T, way string) {
		for do, want := range map[string]string{"break": "the handler failed", "panic": "panic"} {
			logs := watchtowertest.NewServer(t)
			e := start(t, logs, way+streams, nil)
			a := e.Invoke(payload(t, order{Records: each, Do: do}), enough)
			if a.TimedOut || a.Exited != (do == "panic") {
				t.Errorf("%s: %+v", do, a)
			}
			e.Kill()
			wantOnce(t, logs, 0, 1, each)
			_, others := stored(t, logs)
			if diff := cmp.Diff([]string{"init", want}, others); diff != "" {
				t.Errorf("%s: also stored (-want +got):\n%s", do, diff)
			}
		}
	})
}
