package delivery_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/cwlocal"
)

// A long event that is refused for what it contains teaches nothing of sizes.
func TestALongPoisonEventDoesNotShortenOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{NoCompression: true})
		create(t, st.server, "s")
		if err := st.server.Faults().Add(cwlocal.Fault{Kind: cwlocal.FaultPoison, Operation: put, Text: "bad"}); err != nil {
			t.Fatal(err)
		}
		st.put(watchtower.Event{Message: "bad" + strings.Repeat("x", 300<<10)})
		st.within(time.Minute)
		st.put(watchtower.Event{Message: strings.Repeat("y", 300<<10)})
		st.within(time.Minute)
		for _, m := range messages(st.server) {
			if m[0] == 'y' && len(m) != 300<<10 {
				t.Errorf("a good event was cut to %d bytes", len(m))
			}
		}
		synctest.Wait()
		if len(st.fallen) != 1 || len(st.fallen[0]) != 3+300<<10 {
			t.Errorf("the fallback got %d events, and should have the one that was refused, whole", len(st.fallen))
		}
	})
}

// The time of Close is up before it is known whether the shorter form helps.
func TestAnEventThatIsShortenedOnTrialIsSavedWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{NoCompression: true})
		create(t, st.server, "s")
		puts := 0
		st.network(func(r *http.Request) (*http.Response, error) {
			if puts++; puts == 1 {
				return answering(r, http.StatusRequestEntityTooLarge), nil
			}
			return answering(r, http.StatusServiceUnavailable), nil
		})
		st.put(watchtower.Event{Message: strings.Repeat("x", 300<<10)})
		<-time.After(10 * time.Second)
		st.stop()
		synctest.Wait()
		if len(st.fallen) != 1 || len(st.fallen[0]) != 300<<10 {
			t.Errorf("the fallback got %d events, and should have one, whole", len(st.fallen))
		}
	})
}
