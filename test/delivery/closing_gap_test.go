package delivery_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/cwlocal"
)

// Close writes down in the stream what was lost before it, also where nothing
// could be written when it began, and what is lost by its own last sends.
func TestCloseTellsOfEveryLossInTheStream(t *testing.T) {
	for _, c := range []struct {
		name string
		lose func(st *stage)
	}{
		{"lost in an outage that ends during Close", func(st *stage) {
			st.server.Faults().Fail("", 503, -1)
			st.flood(100, slog.LevelInfo)
			go func() {
				<-time.After(5 * time.Second)
				st.server.Faults().Clear()
			}()
		}},
		{"rejected by the last send", func(st *stage) {
			st.log(10)
			if err := st.server.Faults().Add(cwlocal.Fault{Kind: cwlocal.FaultReject, TooOld: 4, Times: 1}); err != nil {
				st.t.Error(err)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				st := newStage(t, watchtower.Options{QueueBytes: small, ErrorReserve: -1})
				st.log(1)
				st.within(time.Second)
				c.lose(st)
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				_ = st.Close(ctx) // it tells of the loss too
				told := 0
				for _, m := range messages(st.server) {
					if own(m) && strings.Contains(m, "were lost here") {
						told++
					}
				}
				if s := st.Stats(); told != 1 || s.Own != 1 || s.Rejected+s.Dropped == 0 {
					t.Errorf("%d records tell of the loss: %+v", told, s)
				}
			})
		})
	}
}
