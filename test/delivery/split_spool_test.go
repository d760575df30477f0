package delivery_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/cwlocal"
)

// Of a record in two events one is refused, and the other is saved to the disk
// when the time of Close is up: the record is rejected, and that is told.
func TestALossThatCloseCompletesIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{
			SpoolDir: t.TempDir(), MaxEventBytes: 1024, MaxBatchEvents: 1, Oversize: watchtower.Split, NoCompression: true,
		})
		create(t, st.server, "s")
		if err := st.server.Faults().Add(cwlocal.Fault{Kind: cwlocal.FaultPoison, Operation: put, Text: "bad"}); err != nil {
			t.Fatal(err)
		}
		puts := 0
		st.network(func(r *http.Request) (*http.Response, error) {
			if puts++; puts == 1 {
				return nil, nil // the first event, which is refused
			}
			return answering(r, 503), nil
		})
		st.put(watchtower.Event{Message: "bad" + strings.Repeat("x", 1500)})
		<-time.After(time.Minute)
		st.stop()
		synctest.Wait()
		if s := st.Stats(); s.Rejected != 1 {
			t.Fatalf("not what this test is about: %+v", s)
		}
		told := int64(0)
		for _, err := range st.told {
			if d, ok := errors.AsType[*watchtower.DropError](err); ok {
				told += d.Events
			}
		}
		if told != 1 {
			t.Errorf("OnError heard of %d records lost, the ledger of 1: %v", told, st.told)
		}
	})
}
