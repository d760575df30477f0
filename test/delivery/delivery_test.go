package delivery_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// slow is a transport that takes its time, another one for each request, and
// counts how many are under way at once.
type slow struct {
	http.RoundTripper
	most time.Duration

	mu       sync.Mutex
	flying   int
	together int
}

func (s *slow) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.flying++
	s.together = max(s.together, s.flying)
	s.mu.Unlock()
	<-time.After(rand.N(s.most))
	defer func() { s.mu.Lock(); s.flying--; s.mu.Unlock() }()
	return s.RoundTripper.RoundTrip(r)
}

// openSlow returns a handler behind a slow transport.
func openSlow(t *testing.T, most time.Duration, opts watchtower.Options) (*watchtower.Handler, *watchtowertest.Server, *slow) {
	s := watchtowertest.NewServer(t)
	transport := &slow{RoundTripper: watchtowertest.Transport(s.Handler()), most: most}
	opts.Client = s.Client(func(o *cloudwatchlogs.Options) { o.HTTPClient = &http.Client{Transport: transport} })
	opts.LogStreamName = cmp.Or(opts.LogStreamName, "s")
	h, err := watchtower.New(t.Context(), group, &opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close(context.Background()) })
	return h, s, transport
}

func TestOrderHoldsWithManyPutsInFlight(t *testing.T) {
	// Time stands still in a bubble while goroutines run, so thousands of
	// events share each millisecond: the hardest case for order.
	synctest.Test(t, func(t *testing.T) {
		h, s, transport := openSlow(t, 200*time.Millisecond, watchtower.Options{
			WhenFull: watchtower.Block, QueueBytes: 1 << 20, MaxBatchBytes: 10_000, FlushInterval: 50 * time.Millisecond,
		})
		var wg sync.WaitGroup
		for g := range 8 {
			wg.Go(func() {
				rng := rand.New(rand.NewPCG(1, uint64(g)))
				for i := range 2000 {
					slog.New(h).Info("m", "g", g, "i", i)
					if rng.IntN(50) == 0 {
						<-time.After(time.Duration(rng.IntN(5)) * time.Millisecond)
					}
				}
			})
		}
		wg.Wait()
		if err := h.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		var next [8]int
		for _, e := range s.Events(group) {
			var r struct{ G, I int }
			if err := json.Unmarshal([]byte(e.Message), &r); err != nil {
				t.Fatal(err)
			}
			if r.I != next[r.G] {
				t.Fatalf("goroutine %d: record %d came where %d belongs", r.G, r.I, next[r.G])
			}
			next[r.G]++
		}
		if st := h.Stats(); st.Delivered != 16_000 || st.Rejected != 0 {
			t.Errorf("%+v", st)
		}
		if transport.together < 2 {
			t.Error("no two puts were in flight together: the test shows nothing")
		}
	})
}

func TestALateEventDoesNotHoldUpTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s, transport := openSlow(t, time.Second, watchtower.Options{MaxBatchEvents: 10, MaxInFlight: 4})
		begin := time.Now()
		// Each batch of ten spans ten milliseconds; between any two comes an
		// event of long before.
		for i := range 400 {
			at := begin.Add(time.Duration(i) * time.Millisecond)
			h.Put(t.Context(), watchtower.Event{Time: at, Message: "m"})
			if i%10 == 9 {
				h.Put(t.Context(), watchtower.Event{Time: begin, Message: "late"})
			}
		}
		flush(t, h)
		if n := len(s.Events(group)); n != 440 {
			t.Fatalf("%d events, want 440", n)
		}
		if transport.together != 4 {
			t.Errorf("%d puts in flight together, want 4", transport.together)
		}
		// Forty batches of half a second each, four at a time, take some five
		// seconds; one after another they would take twenty.
		if d := time.Since(begin); d > 12*time.Second {
			t.Errorf("it took %v", d)
		}
	})
}

func TestBatchesKeepTheLimitsOfTheService(t *testing.T) {
	h, s := open(t, watchtower.Options{WhenFull: watchtower.Block, QueueBytes: 64 << 20})
	now := time.Now()
	rng := rand.New(rand.NewPCG(3, 4))
	n := 0
	put := func(at time.Time, size int) {
		n++
		if err := h.Put(t.Context(), watchtower.Event{Time: at, Message: strings.Repeat("é", size/2) + strings.Repeat("x", size%2)}); err != nil {
			t.Fatal(err)
		}
	}
	for range 25_000 { // more than 10,000 in a batch
		put(now, 1)
	}
	for range 300 { // more than 24 hours, in any order
		put(now.Add(-time.Duration(rng.Int64N(int64(13*24*time.Hour)))), 100)
	}
	for range 10 { // full to the last byte
		put(now, 1_048_550)
		put(now, 1_048_549)
		put(now, 3)
	}
	flush(t, h)
	st := h.Stats()
	if st.Delivered != int64(n) || st.Failures != 0 || len(s.Events(group)) != n {
		t.Errorf("%d of %d stored: %+v", len(s.Events(group)), n, st)
	}
}

func TestOversizeRecords(t *testing.T) {
	for _, c := range []struct {
		name     string
		oversize watchtower.Oversize
		events   int
		stats    watchtower.Stats
	}{
		{"shrink", watchtower.Shrink, 1, watchtower.Stats{Accepted: 1, Delivered: 1}},
		{"split", watchtower.Split, 3, watchtower.Stats{Accepted: 1, Delivered: 1}},
		{"drop", watchtower.Drop, 0, watchtower.Stats{Accepted: 1, Dropped: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, s := open(t, watchtower.Options{Oversize: c.oversize, NoGapRecords: true})
			slog.New(h).Info("big", "text", strings.Repeat("ü", 1_100_000))
			flush(t, h)
			all := messages(s)
			if len(all) != c.events {
				t.Fatalf("%d events, want %d", len(all), c.events)
			}
			for _, m := range all {
				if !json.Valid([]byte(m)) {
					t.Errorf("not JSON: %.100s", m)
				}
			}
			st := h.Stats()
			if st.Accepted != c.stats.Accepted || st.Delivered != c.stats.Delivered || st.Dropped != c.stats.Dropped {
				t.Errorf("%+v", st)
			}
		})
	}
}

func TestMissingGroupIsCreatedWithItsSettings(t *testing.T) {
	h, s := open(t, watchtower.Options{RetentionDays: 14, Tags: map[string]string{"team": "blue"}, KMSKeyID: "arn:aws:kms:us-east-1:000000000000:key/1", LogGroupClass: "INFREQUENT_ACCESS", DeletionProtection: true})
	slog.New(h).Info("hello")
	flush(t, h)
	out, err := s.Client().DescribeLogGroups(t.Context(), nil)
	if err != nil || len(out.LogGroups) != 1 {
		t.Fatal(out, err)
	}
	g := out.LogGroups[0]
	if *g.RetentionInDays != 14 || *g.KmsKeyId == "" || g.LogGroupClass != "INFREQUENT_ACCESS" || !*g.DeletionProtectionEnabled {
		t.Errorf("group: %+v", g)
	}
	tags, err := s.Client().ListTagsForResource(t.Context(), &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: g.LogGroupArn})
	if err != nil || tags.Tags["team"] != "blue" {
		t.Errorf("tags: %v, %v", tags, err)
	}
}

func TestMissingGroupIsAnErrorThatIsToldWithNoCreate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var told []string
		h, s := open(t, watchtower.Options{NoCreateLogGroup: true, OnError: func(err error) { mu.Lock(); told = append(told, err.Error()); mu.Unlock() }})
		slog.New(h).Info("hello")
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := h.Flush(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Flush: %v", err)
		}
		mu.Lock()
		if len(told) == 0 || !strings.Contains(told[0], `"app"`) {
			t.Errorf("told: %q", told)
		}
		mu.Unlock()
		name := group
		if _, err := s.Client().CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name}); err != nil {
			t.Fatal(err)
		}
		flush(t, h) // the events have waited for the group
		if len(messages(s)) != 1 {
			t.Error("the record was not delivered when the group was there")
		}
		synctest.Wait() // what is told is told by a goroutine of its own
		mu.Lock()
		defer mu.Unlock()
		if last := told[len(told)-1]; !strings.Contains(last, "works again") {
			t.Errorf("the recovery was not told: %q", told)
		}
	})
}

func TestStreamsBeyondTheLimitShareOne(t *testing.T) {
	var mu sync.Mutex
	var told []error
	h, s := open(t, watchtower.Options{LogStreamName: "{attr:tenant}", MaxStreams: 3, OnError: func(err error) { mu.Lock(); told = append(told, err); mu.Unlock() }})
	for i := range 10 {
		slog.New(h).Info("m", "tenant", fmt.Sprint("t", i))
	}
	if err := h.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, e := range s.Events(group) {
		count[e.Stream]++
	}
	if len(count) != 4 || count["overflow"] != 7 {
		t.Errorf("streams: %v", count)
	}
	if len(told) != 1 || !strings.Contains(told[0].Error(), "MaxStreams") {
		t.Errorf("told: %v", told)
	}
}

func TestSyncCallsAtTheSameTimeShareASend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s := open(t, watchtower.Options{Sync: true})
		slog.New(h).Info("first")
		s.Faults().Delay("PutLogEvents", 50*time.Millisecond, -1)
		begin, before := time.Now(), h.Stats().Sends
		var calls sync.WaitGroup
		for range 100 { // one a millisecond
			<-time.After(time.Millisecond)
			calls.Go(func() { slog.New(h).Info("m") })
		}
		calls.Wait()
		if n, d := h.Stats().Sends-before, time.Since(begin); n > 10 || d > 500*time.Millisecond {
			t.Errorf("%d sends in %v for 100 calls at the same time", n, d)
		}
	})
}

func TestGzipAndPlainBodiesStoreTheSame(t *testing.T) {
	var stored [2][]string
	for i, plain := range []bool{false, true} {
		h, s := open(t, watchtower.Options{NoCompression: plain})
		for n := range 500 {
			at := anHourAgo.Add(time.Duration(n%7) * time.Millisecond)
			if err := h.Put(t.Context(), watchtower.Event{Time: at, Message: fmt.Sprintf("%d \"ü\"\\\n\x01\xff %s", n, strings.Repeat("=", n))}); err != nil {
				t.Fatal(err)
			}
		}
		flush(t, h)
		stored[i] = messages(s)
		if st := h.Stats(); (st.WireBytes < st.BodyBytes) == plain {
			t.Errorf("plain %v: %d bytes of bodies, %d on the wire", plain, st.BodyBytes, st.WireBytes)
		}
	}
	if len(stored[0]) != 500 || !slices.Equal(stored[0], stored[1]) {
		t.Errorf("%d and %d events, or not the same", len(stored[0]), len(stored[1]))
	}
}

// anHourAgo is a time that the service takes, the same for a whole run.
var anHourAgo = time.Now().Add(-time.Hour).Truncate(time.Millisecond)

func TestManyStreamsUseTheWholeWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s, transport := openSlow(t, 100*time.Millisecond, watchtower.Options{FlushInterval: time.Second, LogStreamName: "{logger_name}"})
		streams := make([]*watchtower.Handler, 100)
		for i := range streams {
			streams[i] = h.Named(fmt.Sprint("s", i))
		}
		for range 5 {
			for _, h := range streams {
				slog.New(h).Info("m")
			}
			<-time.After(5 * time.Second)
		}
		if n := len(s.Events(group)); n != 500 {
			t.Errorf("%d events stored, want 500", n)
		}
		if transport.together != 4 {
			t.Errorf("%d puts in flight together, want 4", transport.together)
		}
	})
}
