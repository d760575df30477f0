package delivery_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
)

// What a denied log stream has on disk is left there, but for a little. Whatever is
// in memory of the same millisecond must not overtake that.
func TestWhatIsLeftOnDiskIsNotOvertaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{
			SpoolDir: t.TempDir(), Spool: watchtower.SpoolAlways, QueueBytes: small, MaxBatchEvents: 3, NoCompression: true,
		})
		create(t, st.server, "s")
		st.server.Faults().DenyAccess(put, 5)
		var want []string
		for i := range 60 {
			m := fmt.Sprint("m", 10+i, strings.Repeat("x", 1500*(i%3)))
			st.put(watchtower.Event{Message: m})
			want = append(want, m[:3])
		}
		<-time.After(time.Minute)
		st.within(time.Minute)
		var got []string
		for _, m := range messages(st.server) {
			got = append(got, m[:3])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("logged (-) and stored (+):\n%s", diff)
		}
	})
}
