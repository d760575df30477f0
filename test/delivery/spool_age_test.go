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

// What is older than 14 days can never be delivered: it must not keep new
// records off the disk, however long the outage.
func TestRecordsTooOldToBeSentMakeRoomOnDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{
			SpoolDir: t.TempDir(), Spool: watchtower.SpoolAlways, SpoolBytes: 16 << 20, MaxBatchBytes: 20_000,
		})
		old := time.Now().Add(time.Hour - 14*24*time.Hour)
		st.network(func(*http.Request) (*http.Response, error) { return nil, errors.New("no network") })
		text := strings.Repeat("x", 16_000)
		for i := 0; st.put(watchtower.Event{Message: fmt.Sprint(i, text), Time: old}) == nil; i++ {
		}
		<-time.After(2 * time.Hour)
		if err := st.put(watchtower.Event{Message: fmt.Sprint("today", text)}); err != nil {
			t.Errorf("%v; the disk is full of records that the service would refuse: %+v", err, st.Stats())
		}
	})
}
