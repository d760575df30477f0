package cwlocal_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower/cwlocal"
)

// A rule that can hit nothing is refused, as all rules that make no sense are:
// the operation of a query request stands in its body, which an early fault
// does not read.
func TestEarlyFaultsOfGetCallerIdentityHitOrAreRefused(t *testing.T) {
	l := newLab(t)
	if err := l.Faults().Add(cwlocal.Fault{Kind: cwlocal.FaultResetEarly, Operation: "GetCallerIdentity"}); err != nil {
		return
	}
	r := httptest.NewRequest("POST", "http://localhost/", strings.NewReader("Action=GetCallerIdentity&Version=2011-06-15"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if !aborts(l, r) {
		t.Error("the rule was accepted, and hits nothing")
	}
}
