package delivery_test

import (
	"bytes"
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

// line is a way to the service that takes so many bytes a second.
func line(rate *atomic.Int64, largest *int) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		var body []byte
		chunk := make([]byte, 8<<10)
		for {
			n, err := r.Body.Read(chunk)
			body = append(body, chunk[:n]...)
			if err == io.EOF {
				break
			}
			if err != nil {
				return nil, err
			}
			select {
			case <-time.After(time.Duration(n) * time.Second / time.Duration(rate.Load())):
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
		}
		*largest = max(*largest, len(body))
		r.Body = io.NopCloser(bytes.NewReader(body))
		return nil, nil
	}
}

func TestBatchesFitALineThatIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var rate atomic.Int64
		rate.Store(10_000) // a full batch takes 105 s, and a request has 60
		largest := 0
		st := newStage(t, watchtower.Options{NoCompression: true})
		create(t, st.server, "s")
		st.network(line(&rate, &largest))
		fill := func(n int) {
			for i := range n {
				st.put(watchtower.Event{Message: fmt.Sprint("m", len(st.logged), " ", i, strings.Repeat("x", 1000))})
			}
		}
		fill(2000)
		st.within(20 * time.Minute)
		cut := st.Stats().Failures
		fill(2000)
		st.within(20 * time.Minute)
		if n := st.Stats().Failures; n != cut {
			t.Errorf("%d requests failed after the line was known, for %d before", n-cut, cut)
		}
		rate.Store(10_000_000)
		largest = 0
		for range 14 {
			fill(1000)
			st.within(time.Minute)
		}
		if largest < 1_000_000 {
			t.Errorf("the largest body on a line that is fast again had %d bytes", largest)
		}
		st.stored()
		if s := st.Stats(); s.PossibleDuplicates != 0 || s.Pending != 0 {
			t.Errorf("%+v", s)
		}
	})
}
