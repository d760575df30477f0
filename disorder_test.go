package watchtower_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/internal/meta"
)

// A disorder is one handler and a few goroutines that use it at the same time,
// each for a moment. What they do, and when, comes from the seed. It is small,
// so that very many can be tried; TestTheLedgerHoldsInAnyInterleaving tries
// larger ones against one that stores.
type disorder struct {
	t    *testing.T
	seed uint64
	opts watchtower.Options
	at   *meta.Place
	h    *watchtower.Handler
	look func(msg string) // at what is stored; may be nil

	throttled int // of 12 requests

	mu     sync.Mutex
	logged int            // records handed in
	stored map[string]int // by the service, which is this transport
	fallen map[string]int // given up
	dice   *rand.Rand     // the service's
}

// TestTenThousandDisorders: nothing hangs (a bubble whose goroutines all wait
// for each other fails), nothing is lost, and nothing is counted twice.
func TestTenThousandDisorders(t *testing.T) {
	const runs, workers = 10_000, 4
	for w := range workers {
		t.Run(fmt.Sprint(w), func(t *testing.T) {
			t.Parallel()
			for seed := w; seed < runs && !t.Failed(); seed += workers {
				synctest.Test(t, func(t *testing.T) {
					d := newDisorder(t, uint64(seed), "")
					d.run()
					d.compare(d.h.Stats())
				})
			}
		})
	}
}

// newDisorder opens a handler, with a spool if there is a folder for it.
func newDisorder(t *testing.T, seed uint64, dir string) *disorder {
	rng := rand.New(rand.NewPCG(seed, 1))
	d := &disorder{t: t, at: meta.Here, seed: seed, throttled: 1, stored: map[string]int{}, fallen: map[string]int{}, dice: rand.New(rand.NewPCG(seed, 2))}
	d.opts = watchtower.Options{
		Client: cloudwatchlogs.New(cloudwatchlogs.Options{
			Region: "us-east-1", HTTPClient: &http.Client{Transport: d},
			Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""), BaseEndpoint: aws.String("http://disorder"),
		}),
		LogStreamName: "{logger_name}", MaxStreams: 1 + rng.IntN(3), QueueBytes: small, ErrorReserve: -1,
		WhenFull: watchtower.WhenFull(rng.IntN(4)), BlockTimeout: time.Duration(rng.IntN(3)) * 50 * time.Millisecond,
		FlushInterval: time.Duration(1+rng.IntN(300)) * time.Millisecond, MaxBatchEvents: 1 + rng.IntN(8),
		MaxInFlight: 1 + rng.IntN(3), Sync: rng.IntN(8) == 0, NoCompression: true, OnError: func(error) {}, Fallback: d,
	}
	if dir != "" {
		d.throttled = 8 // so that much is left
		d.opts.SpoolDir, d.opts.Sync, d.opts.Spool = dir, false, watchtower.Spool(rng.IntN(2))
	}
	d.open()
	return d
}

func (d *disorder) open() {
	var err error
	if d.h, err = watchtower.NewAt(d.t.Context(), d.at, group, &d.opts); err != nil {
		d.t.Fatal(err)
	}
}

func (d *disorder) run() {
	rng := rand.New(rand.NewPCG(d.seed, 3))
	var all sync.WaitGroup
	for g := range 2 + rng.IntN(3) {
		all.Go(func() { d.log(g, rand.New(rand.NewPCG(d.seed, uint64(g)+10))) })
	}
	for range rng.IntN(3) {
		wait, budget := time.Duration(rng.IntN(400))*time.Millisecond, time.Duration(rng.IntN(20))*100*time.Millisecond
		all.Go(func() {
			<-time.After(wait)
			ctx, cancel := context.WithTimeout(context.Background(), budget)
			defer cancel()
			_ = d.h.Close(ctx)
		})
	}
	all.Wait()
	_ = d.h.Close(context.Background())
}

// log logs some records, through derived handlers too, and flushes at times.
func (d *disorder) log(g int, rng *rand.Rand) {
	for i := range 1 + rng.IntN(5) {
		if rng.IntN(3) == 0 {
			<-time.After(time.Duration(max(0, rng.IntN(400)-100)) * time.Millisecond)
		}
		h := d.h
		if rng.IntN(3) == 0 {
			h = h.Named(fmt.Sprint("logger", rng.IntN(3))).WithAttrs([]slog.Attr{slog.Int("n", i)}).(*watchtower.Handler)
		}
		text := fmt.Sprintf("r%d.%d ", g, i)
		switch rng.IntN(12) {
		case 0:
			text += "poison"
		case 1:
			text += strings.Repeat("x", rng.IntN(50_000)) // so that two or three fill the queue
		}
		d.mu.Lock()
		d.logged++
		d.mu.Unlock()
		slog.New(h).Log(context.Background(), slog.Level(4*rng.IntN(3)), text)
		balance(d.t, h.Stats())
		if rng.IntN(4) == 0 {
			ctx, cancel := context.WithTimeout(context.Background(), time.Duration(rng.IntN(500))*time.Millisecond)
			_ = h.Flush(ctx)
			cancel()
		}
	}
}

// RoundTrip is the service: it takes its time, throttles, refuses poison, and
// stores the rest.
func (d *disorder) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	pause, fate := time.Duration(d.dice.IntN(60)-10)*time.Millisecond, d.dice.IntN(12)
	d.mu.Unlock()
	if pause > 0 {
		t := time.NewTimer(pause)
		defer t.Stop()
		select {
		case <-t.C:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	balance(d.t, d.h.Stats())
	switch {
	case fate < d.throttled:
		return refusal(r, "ThrottlingException"), nil
	case strings.Contains(string(body), "poison"):
		return refusal(r, "InvalidParameterException"), nil
	}
	var in struct {
		LogEvents []struct{ Message string }
	}
	if err := json.Unmarshal(body, &in); err != nil {
		d.t.Error(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range in.LogEvents {
		if !own(e.Message) {
			if d.look != nil {
				d.look(e.Message)
			}
			d.stored[mark(e.Message)]++
		}
	}
	return coded(r, http.StatusOK, "{}"), nil
}

// refusal is an answer with an error of the service.
func refusal(r *http.Request, code string) *http.Response {
	return coded(r, http.StatusBadRequest, `{"__type":"`+code+`"}`)
}

func coded(r *http.Request, status int, body string) *http.Response {
	res := answering(r, status)
	res.Body, res.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	return res
}

// compare looks at what became of each record.
func (d *disorder) compare(st watchtower.Stats) {
	balance(d.t, st)
	once := len(d.stored) + len(d.fallen)
	for m, n := range d.stored {
		if fallen := d.fallen[m]; fallen > 0 && st.PossibleDuplicates > 0 {
			once-- // its send was under way when the time of Close was up
		} else if n == 2 && st.PossibleDuplicates > 0 && d.opts.SpoolDir != "" {
			continue // so it was, and the next process has sent it again
		} else if n+fallen != 1 {
			d.t.Errorf("seed %d: record %s is stored %d times and given up %d times", d.seed, m, n, fallen)
		}
	}
	for m, n := range d.fallen {
		if n != 1 {
			d.t.Errorf("seed %d: record %s is given up %d times", d.seed, m, n)
		}
	}
	lost := st.Dropped + st.Rejected
	if once != d.logged || st.Accepted != int64(d.logged) || lost != int64(len(d.fallen)) || st.Pending != 0 || st.Delivered+lost != st.Accepted {
		d.t.Errorf("seed %d: %d logged, %d stored, %d given up: %+v", d.seed, d.logged, len(d.stored), len(d.fallen), st)
	}
	if n := d.h.QueueUsed(); n != 0 {
		d.t.Errorf("seed %d: %d bytes of the queue's room were not given back", d.seed, n)
	}
}

// mark is what tells the records apart.
func mark(msg string) string {
	_, msg, _ = strings.Cut(msg, `"msg":"`)
	msg, _, _ = strings.Cut(msg, " ")
	return msg
}

func (d *disorder) Enabled(context.Context, slog.Level) bool { return true }
func (d *disorder) WithAttrs([]slog.Attr) slog.Handler       { return d }
func (d *disorder) WithGroup(string) slog.Handler            { return d }

// Handle is the fallback.
func (d *disorder) Handle(_ context.Context, r slog.Record) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fallen[mark(r.Message)]++
	return nil
}
