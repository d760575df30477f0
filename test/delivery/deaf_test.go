package delivery_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
)

// A client of the user's may have a transport that does not look at contexts.
func TestCloseDoesNotWaitForATransportThatIgnoresItsContext(t *testing.T) {
	for name, dir := range map[string]string{"memory": "", "spool": t.TempDir()} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				st := newStage(t, watchtower.Options{SpoolDir: dir})
				create(t, st.server, "s")
				st.network(func(r *http.Request) (*http.Response, error) {
					<-time.After(time.Hour)
					return answering(r, http.StatusServiceUnavailable), nil
				})
				st.log(3)
				begin := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				st.Close(ctx)
				if d := time.Since(begin); d > 7*time.Second {
					t.Errorf("Close took %v, but had 5 s", d)
				}
				want := sheet{Accepted: 3, Dropped: 3, Duplicates: 3, Reasons: map[string]int64{watchtower.ReasonClosed: 3}}
				if dir != "" {
					want = sheet{Accepted: 3, Spooled: 3, Duplicates: 3}
				}
				if diff := cmp.Diff(want, sheetOf(st.Stats())); diff != "" {
					t.Errorf("ledger (-want +got):\n%s", diff)
				}
				<-time.After(2 * time.Hour)
				st.check()
			})
		})
	}
}
