package delivery_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// A proxy takes no body of more than 270,000 bytes. When a batch is made anew
// of shortened events, it becomes several; Flush waits for all of them.
func TestFlushWaitsForAllThatIsMadeOfARefusedBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{NoCompression: true})
		create(t, st.server, "s")
		st.network(func(r *http.Request) (*http.Response, error) {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			switch large := len(body) > 270_000; {
			case large && bytes.Contains(body, []byte("ddd")):
				<-time.After(time.Second) // the limit is learnt from b by then
				return answering(r, http.StatusRequestEntityTooLarge), nil
			case large:
				return answering(r, http.StatusRequestEntityTooLarge), nil
			case bytes.Contains(body, []byte("ccc")):
				<-time.After(20 * time.Second)
			}
			return nil, nil
		})
		at := time.Now()
		for i, m := range []string{"a", strings.Repeat("b", 300<<10), strings.Repeat("c", 300<<10), strings.Repeat("d", 300<<10), "e"} {
			st.put(watchtower.Event{Message: m, Time: at.Add(time.Duration(i) * time.Millisecond)})
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := st.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		if s := st.Stats(); s.Pending != 0 {
			t.Errorf("Flush came back after %v with %d records pending", time.Since(at), s.Pending)
		}
		st.within(time.Hour)
	})
}
