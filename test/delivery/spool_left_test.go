package delivery_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
)

// What a denied log stream has on disk is left there, but for a little. Whatever is
// in memory of the same millisecond must not overtake that.
func TestWhatIsLeftOnDiskIsNotOvertaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{
			SpoolDir: t.TempDir(), Spool: watchtower.SpoolAlways, QueueBytes: small, MaxBatchEvents: 3, NoCompression: true,
		})
		create(t, st.server, "s")
		st.server.Faults().DenyAccess(put, 5)
		var want []string
		for i := range 60 {
			m := fmt.Sprint("m", 10+i, strings.Repeat("x", 1500*(i%3)))
			st.put(watchtower.Event{Message: m})
			want = append(want, m[:3])
		}
		<-time.After(time.Minute)
		st.within(time.Minute)
		var got []string
		for _, m := range messages(st.server) {
			got = append(got, m[:3])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("logged (-) and stored (+):\n%s", diff)
		}
	})
}

// What was left of one stream is read at once when it takes events, and that of
// another, which does so right behind it, a second later.
func TestCloseWaitsForWhatWasLeftOfSeveralStreams(t *testing.T) {
	for n := range 20 {
		synctest.Test(t, func(t *testing.T) {
			st := newStage(t, watchtower.Options{
				SpoolDir: t.TempDir(), Spool: watchtower.SpoolAlways, QueueBytes: small, LogStreamName: "{attr:stream}", NoCompression: true,
			})
			create(t, st.server, "s0", "s1", "s2")
			up := time.Now().Add(time.Minute)
			st.network(func(r *http.Request) (*http.Response, error) {
				if time.Now().Before(up) {
					return refusal(r, "AccessDeniedException"), nil
				}
				<-time.After(time.Duration(n) * time.Millisecond)
				return nil, nil
			})
			for i := range 300 {
				st.put(watchtower.Event{
					Message: fmt.Sprint("m", i, strings.Repeat("x", 1000)), Attrs: []slog.Attr{slog.String("stream", fmt.Sprint("s", i%3))},
				})
				<-time.After(100 * time.Millisecond)
			}
			<-time.After(time.Until(up))
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if err := st.Close(ctx); err != nil {
				t.Errorf("Close: %v", err)
			}
			if s := st.Stats(); s.Spooled != 0 {
				t.Errorf("after Close %d records are on disk still, and the service takes them", s.Spooled)
			}
		})
	}
}
