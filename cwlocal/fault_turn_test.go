package cwlocal_test

import (
	"strings"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower/cwlocal"
)

func TestFaultsKeepTheirTurnWhereThePutIsRefusedAnyway(t *testing.T) {
	l := newLab(t)
	fault := func(f cwlocal.Fault) {
		f.Operation, f.Times = "PutLogEvents", 1
		if err := l.Faults().Add(f); err != nil {
			t.Fatal(err)
		}
	}
	fault(cwlocal.Fault{Kind: cwlocal.FaultReject, TooOld: 1})
	fault(cwlocal.Fault{Kind: cwlocal.FaultMaxEvent, Bytes: 26})
	fault(cwlocal.Fault{Kind: cwlocal.FaultPoison, Text: "a"})
	fault(cwlocal.Fault{Kind: cwlocal.FaultLoseAnswer})
	fault(cwlocal.Fault{Kind: cwlocal.FaultResetAnswer})
	now := time.Now().UnixMilli()
	refused := func(why string, events ...string) {
		t.Helper()
		if got := l.put(events...); !strings.HasPrefix(got, why) || len(l.Faults().List()) != 5 {
			t.Errorf("got %s, with %d faults left", got, len(l.Faults().List()))
		}
	}
	refused("ResourceNotFoundException", event(now, "a"))
	l.stream()
	refused("InvalidParameterException: Log events in a single", event(now, "a"), event(now-1, "a"))
	refused("InvalidParameterException")
	if got := l.put(event(now, "a")); !strings.HasPrefix(got, "InvalidParameterException: Log event too large") {
		t.Errorf("got %s", got)
	}
	if left := len(l.Faults().List()); left != 3 { // a call takes its turn of reject too
		t.Errorf("%d faults are left, want 3", left)
	}
	// A message may not be empty: the answer to this put is not lost.
	body := `{"logGroupName":"g","logStreamName":"s","logEvents":[` + event(now, "") + `]}`
	if aborts(l, request("PutLogEvents", body)) {
		t.Error("a put without a message was carried out")
	}
	l.Faults().Clear()
	l.Faults().LoseAnswer("", 1)
	if !aborts(l, request("CreateLogGroup", `{"logGroupName":"other"}`)) {
		t.Error("the answer of another operation was not lost")
	}
}
