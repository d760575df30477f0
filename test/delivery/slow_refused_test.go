package delivery_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// The earlier half of a refused batch, for which the later one waits, is halved
// itself because the line has become slow.
func TestARefusedBatchIsDeliveredOnALineThatIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var rate atomic.Int64
		rate.Store(1000)
		largest, puts := 0, 0
		st := newStage(t, watchtower.Options{NoCompression: true})
		create(t, st.server, "s")
		slowly := line(&rate, &largest)
		st.network(func(r *http.Request) (*http.Response, error) {
			if puts++; puts == 1 {
				return refusal(r, "InvalidParameterException"), nil
			}
			return slowly(r)
		})
		for i := range 8 {
			st.put(watchtower.Event{Message: fmt.Sprint("m", i, strings.Repeat("x", 20_000))})
		}
		<-time.After(10 * time.Minute)
		rate.Store(10_000_000)
		st.within(10 * time.Minute)
		st.stored()
	})
}

// refusal is an answer with an error of the service.
func refusal(r *http.Request, code string) *http.Response {
	res := answering(r, http.StatusBadRequest)
	body := `{"__type":"` + code + `"}`
	res.Body, res.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	return res
}
