package delivery_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// What is given up for its age in an outage is no sign that the service is back.
func TestWhatIsTooOldIsNoRecovery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{SpoolDir: t.TempDir(), Spool: watchtower.SpoolAlways})
		create(t, st.server, "s")
		st.network(func(r *http.Request) (*http.Response, error) { return answering(r, 503), nil })
		st.put(watchtower.Event{Message: "old", Time: time.Now().Add(time.Hour - 14*24*time.Hour)})
		<-time.After(3 * time.Hour)
		if s := st.Stats(); s.Dropped != 1 {
			t.Errorf("not what this test is about: %+v", s)
		}
		recovered := func() (n int) {
			st.mu.Lock()
			defer st.mu.Unlock()
			for _, err := range st.told {
				if _, ok := errors.AsType[*watchtower.RecoveredError](err); ok {
					n++
				}
			}
			return n
		}
		if n := recovered(); n != 0 {
			t.Errorf("%d recoveries told in the outage", n)
		}
		st.network(nil)
		st.log(1)
		<-time.After(5 * time.Minute)
		if n := recovered(); n != 1 {
			t.Errorf("%d recoveries told at its end", n)
		}
	})
}

// The shorter form of a long event that was refused waits for the service until the
// event is too old.
func TestALongEventThatGetsTooOldGivesItsRoomBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{SpoolDir: t.TempDir(), Spool: watchtower.SpoolAlways, NoCompression: true})
		create(t, st.server, "s")
		puts := 0
		st.network(func(r *http.Request) (*http.Response, error) {
			if puts++; puts == 1 {
				return answering(r, http.StatusRequestEntityTooLarge), nil
			}
			return answering(r, 503), nil
		})
		long := strings.Repeat("x", 300_000)
		st.put(watchtower.Event{Message: long, Time: time.Now().Add(time.Hour - 14*24*time.Hour)})
		<-time.After(3 * time.Hour)
		if s := st.Stats(); s.Dropped != 1 || s.Pending != 0 {
			t.Errorf("%+v", s)
		}
		if len(st.fallen) != 1 || st.fallen[0] != long {
			t.Error("the fallback did not get the event as it was")
		}
	})
}
