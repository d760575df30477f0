package delivery_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// denying is a network whose service denies all that names a log stream.
func denying(stream string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if bytes.Contains(body[:min(len(body), 300)], []byte(`"`+stream+`"`)) {
			return refusal(r, "AccessDeniedException"), nil
		}
		return nil, nil
	}
}

// until waits until a message is stored, and returns how long that took.
func (st *stage) until(message string, most time.Duration) time.Duration {
	start := time.Now()
	for time.Since(start) < most && !slices.Contains(messages(st.server), message) {
		<-time.After(time.Second)
	}
	return time.Since(start)
}

// Each batch of the flood is tried once before the queue comes to what is behind
// it, and those that have failed are tried in turn with it: not all of them for
// each that is new.
func TestAFloodThatIsDeniedDelaysOthersByTwoAttemptsForEachBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{LogStreamName: "{logger_name}", WhenFull: watchtower.Block, BlockTimeout: time.Second, NoCompression: true})
		create(t, st.server, "other")
		st.network(denying("flood"))
		flood, other := st.Named("flood"), st.Named("other")
		for range 12 {
			_ = flood.Put(t.Context(), watchtower.Event{Message: strings.Repeat("x", 1<<20-1000)})
			<-time.After(2 * time.Millisecond)
		}
		_ = other.Put(t.Context(), watchtower.Event{Message: "m"})
		took := st.until("m", 12*time.Hour)
		if n := st.Stats().Failures; n > 26 {
			t.Errorf("stored after %v and %d attempts", took, n)
		}
	})
}

// The second record of the stuck stream waits for the first, which shares its
// millisecond: it is not what the service should be tried with first.
func TestWhatWaitsBehindADeniedBatchDelaysNoOtherStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{LogStreamName: "{logger_name}", NoCompression: true})
		do := denying("stuck")
		st.network(func(r *http.Request) (*http.Response, error) {
			<-time.After(time.Second)
			return do(r)
		})
		stuck, other, now := st.Named("stuck"), st.Named("other"), time.Now()
		for range 2 {
			_ = stuck.Put(t.Context(), watchtower.Event{Message: "x", Time: now})
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			_ = st.Flush(ctx)
			cancel()
		}
		<-time.After(30 * time.Second)
		_ = other.Put(t.Context(), watchtower.Event{Message: "m"})
		if took := st.until("m", time.Hour); took > 10*time.Minute {
			t.Errorf("stored after %v and %d attempts", took, st.Stats().Failures)
		}
	})
}
