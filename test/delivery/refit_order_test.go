package delivery_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/cwlocal"
)

// firsts are the first letters of what is stored.
func (st *stage) firsts() (all []string) {
	for _, m := range messages(st.server) {
		all = append(all, m[:1])
	}
	return all
}

// Order is timestamp, then acceptance, also for what is sent again in a shorter
// form.
func TestAShortenedEventKeepsItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{NoCompression: true})
		create(t, st.server, "s")
		if err := st.server.Faults().Add(cwlocal.Fault{Kind: cwlocal.FaultMaxEvent, Operation: put, Bytes: 256 << 10}); err != nil {
			t.Fatal(err)
		}
		at := time.Now()
		for _, m := range []string{"a", strings.Repeat("b", 300<<10), "c", "d"} {
			st.put(watchtower.Event{Message: m, Time: at})
		}
		st.within(time.Minute)
		if diff := cmp.Diff([]string{"a", "b", "c", "d"}, st.firsts()); diff != "" {
			t.Errorf("order within a millisecond (-want +got):\n%s", diff)
		}
	})
}
