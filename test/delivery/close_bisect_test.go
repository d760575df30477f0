package delivery_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/cwlocal"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// The earlier half of a refused batch is under way when the time of Close is up,
// and is stored nevertheless: the answer and the end came together.
func TestCloseInTheMiddleOfABisection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{NoCompression: true})
		create(t, st.server, "s")
		if err := st.server.Faults().Add(cwlocal.Fault{Kind: cwlocal.FaultPoison, Operation: put, Text: "bad"}); err != nil {
			t.Fatal(err)
		}
		server, puts := watchtowertest.Transport(st.server.Handler()), 0
		st.network(func(r *http.Request) (*http.Response, error) {
			if puts++; puts != 2 {
				return nil, nil
			}
			<-time.After(2700 * time.Millisecond) // whatever becomes of its context
			return server.RoundTrip(r.WithContext(context.WithoutCancel(r.Context())))
		})
		st.log(3)
		st.put(watchtower.Event{Message: "bad"})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		st.Flush(ctx)
		st.stop()
		want := sheet{Accepted: 4, Delivered: 2, Dropped: 2, Reasons: map[string]int64{watchtower.ReasonClosed: 2}}
		if got := sheetOf(st.Stats()); got.Delivered != want.Delivered || got.Dropped != want.Dropped {
			t.Errorf("%+v, want %+v", got, want)
		}
	})
}
