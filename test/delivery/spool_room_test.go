package delivery_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// While there is room on disk no record is lost, and none waits for longer than
// the disk takes, which is no time at all in a bubble: whatever the size of the
// queue, the policy, and the length of the records.
func TestNoRecordIsLostWhileThereIsRoomOnDisk(t *testing.T) {
	policies := []watchtower.WhenFull{watchtower.DropNewest, watchtower.Block, watchtower.DropOldest, watchtower.DropLowestLevel}
	for i, bytes := range []int{small, small + 4321, 2 * small, 4 * small} {
		for j, length := range []int{100, 1000, 3000, 40_000} {
			policies := policies
			if k := (i + j) % len(policies); raceEnabled { // each size and each length meets each policy once
				policies = policies[k : k+1]
			}
			t.Run(fmt.Sprint(bytes, " of ", length), func(t *testing.T) {
				t.Parallel()
				for _, policy := range policies {
					synctest.Test(t, func(t *testing.T) { burstAndPaced(t, bytes, length, policy) })
				}
			})
		}
	}
}

// burstAndPaced logs as fast as it can, then slowly, while the service is not to
// be reached.
func burstAndPaced(t *testing.T, bytes, length int, policy watchtower.WhenFull) {
	st := newStage(t, watchtower.Options{SpoolDir: t.TempDir(), QueueBytes: bytes, WhenFull: policy})
	st.network(func(*http.Request) (*http.Response, error) {
		<-time.After(3 * time.Second)
		return nil, errors.New("no network")
	})
	begin := time.Now()
	text := strings.Repeat("x", length)
	log := func(n int) {
		for range n {
			st.Put(t.Context(), watchtower.Event{Message: fmt.Sprint("m", len(st.logged), text)})
			st.logged[fmt.Sprint("m", len(st.logged), text)]++
		}
	}
	log(3*bytes/length + 30)
	for range 100 {
		<-time.After(100 * time.Millisecond)
		log(1)
	}
	if d := time.Since(begin); d != 10*time.Second {
		t.Errorf("%v: calls waited for %v", policy, d-10*time.Second)
	}
	if s := st.Stats(); s.Dropped > 0 || s.Spooled+s.Pending != s.Accepted {
		t.Errorf("%v: %+v", policy, s)
	}
	st.network(nil)
	<-time.After(5 * time.Minute)
	st.ordered()
}
