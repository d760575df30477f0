package watchtower_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// A chaotic transport dawdles, and refuses a request now and then.
type chaotic struct {
	http.RoundTripper
	mu  sync.Mutex
	rng *rand.Rand
}

func (c *chaotic) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	pause, fate := time.Duration(c.rng.Int64N(5e6)), c.rng.IntN(10)
	c.mu.Unlock()
	<-time.After(pause)
	if fate == 0 {
		r.Body.Close()
		return answering(r, http.StatusServiceUnavailable), nil
	}
	return c.RoundTripper.RoundTrip(r)
}

// A trial is one handler under random calls from several goroutines.
type trial struct {
	t        *testing.T
	h        *watchtower.Handler
	s        *service
	policy   watchtower.WhenFull
	handed   atomic.Int64 // records handed in
	refused  atomic.Int64 // of these, those that came back with an error
	deadline context.Context
}

var policies = []watchtower.WhenFull{watchtower.DropNewest, watchtower.Block, watchtower.DropOldest, watchtower.DropLowestLevel}

func newTrial(t *testing.T, seed uint64) *trial {
	rng := rand.New(rand.NewPCG(seed, 1))
	s := newService()
	transport := &chaotic{RoundTripper: s, rng: rand.New(rand.NewPCG(seed, 2))}
	r := &trial{t: t, s: s, policy: policies[rng.IntN(len(policies))]}
	h, err := watchtower.New(t.Context(), group, &watchtower.Options{
		Client:         s.client(transport),
		LogStreamName:  "{logger_name}",
		MaxStreams:     1 + rng.IntN(3),
		MaxBatchEvents: 1 + rng.IntN(20),
		MaxInFlight:    1 + rng.IntN(4),
		QueueBytes:     64 << 10,
		WhenFull:       r.policy,
		FlushInterval:  time.Duration(1+rng.IntN(3)) * time.Millisecond,
		Sync:           rng.IntN(4) == 0,
		MaxEventBytes:  1 << 10,
		Oversize:       watchtower.Split,
		OnError:        func(error) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	t.Cleanup(cancel)
	r.h, r.deadline = h, ctx
	return r
}

// log is one goroutine that logs, flushes now and then, and looks at the ledger.
func (r *trial) log(name string, rng *rand.Rand, n int) {
	h := r.h.Named(fmt.Sprint("stream-", rng.IntN(4)))
	for i := range n {
		switch rng.IntN(12) {
		case 0:
			before := r.h.Stats()
			if r.h.Flush(r.deadline) != nil {
				r.t.Error("Flush ran out of time")
			}
			after := r.h.Stats()
			if settled := after.Delivered + after.Rejected + after.Dropped; settled < before.Accepted-before.Pending {
				r.t.Errorf("Flush lost sight of records: %+v, then %+v", before, after)
			}
		case 1:
			balance(r.t, r.h.Stats())
		case 2:
			<-time.After(time.Duration(rng.Int64N(2e6)))
		default:
			text := "m"
			if rng.IntN(10) == 0 {
				text = strings.Repeat("x", rng.IntN(8<<10)) // many need several parts
			}
			record := slog.NewRecord(time.Now(), slog.Level(4*rng.IntN(3)), text, 0)
			record.AddAttrs(slog.String("g", name), slog.Int("i", i))
			r.handed.Add(1)
			if h.Handle(r.t.Context(), record) != nil {
				r.refused.Add(1)
			}
		}
	}
}

// check compares the ledger with what the callers and the
// service know.
func (r *trial) check() {
	st := r.h.Stats()
	balance(r.t, st)
	if st.Pending != 0 || st.Accepted != r.handed.Load() {
		r.t.Errorf("%d records handed in: %+v", r.handed.Load(), st)
	}
	// Who is dropped later, to make room for others, was not told by Handle.
	evicts := r.policy == watchtower.DropOldest || r.policy == watchtower.DropLowestLevel
	if lost := st.Dropped + st.Rejected; lost < r.refused.Load() || lost > r.refused.Load() && !evicts {
		r.t.Errorf("%d calls returned an error: %+v", r.refused.Load(), st)
	}
	if n := r.h.QueueUsed(); n != 0 {
		r.t.Errorf("%d bytes of the queue's room were not given back", n)
	}
	records, own := r.stored()
	for key, n := range records {
		if n != 1 {
			r.t.Errorf("record %s is stored %d times", key, n)
		}
	}
	if int64(len(records)) != st.Delivered || own != st.Own {
		r.t.Errorf("%d records and %d of our own are stored: %+v", len(records), own, st)
	}
}

// stored returns how often each record is stored, and the number of events that
// tell of a loss. A record of several parts is stored when all of them are.
func (r *trial) stored() (records map[string]int, own int64) {
	records = map[string]int{}
	parts := map[string]int{}
	for _, e := range r.s.all(group) {
		var m struct {
			G, ID, Part string
			I           int
		}
		if err := json.Unmarshal([]byte(strings.NewReplacer(`"_id"`, `"ID"`, `"_part"`, `"Part"`).Replace(e.Message)), &m); err != nil {
			r.t.Fatalf("stored %q: %v", e.Message, err)
		}
		switch {
		case m.ID == "" && m.G == "":
			own++
		case m.ID == "":
			records[fmt.Sprint(m.G, "/", m.I)]++
		default:
			var part, of int
			fmt.Sscanf(m.Part, "%d/%d", &part, &of)
			if parts[m.ID]++; parts[m.ID] == of {
				records[m.ID]++
			} else if parts[m.ID] > of {
				r.t.Errorf("more than %d parts of record %s are stored", of, m.ID)
			}
		}
	}
	return records, own
}

// interleavings is how many seeds are tried; 1,000 take some 20 s.
var interleavings = flag.Uint64("interleavings", 40, "random interleavings to try")

func TestTheLedgerHoldsInAnyInterleaving(t *testing.T) {
	const workers = 4
	for w := range uint64(workers) {
		t.Run(fmt.Sprint(w), func(t *testing.T) {
			t.Parallel()
			for seed := w; seed < *interleavings && !t.Failed(); seed += workers { // one seed is enough to look at
				synctest.Test(t, func(t *testing.T) { interleave(t, seed) })
			}
		})
	}
}

// interleave runs one trial. In a bubble back-off costs no time, and goroutines
// run in parallel as ever.
func interleave(t *testing.T, seed uint64) {
	r := newTrial(t, seed)
	rng := rand.New(rand.NewPCG(seed, 3))
	var loggers, watcher sync.WaitGroup
	for g := range 2 + rng.IntN(4) {
		own := rand.New(rand.NewPCG(seed, uint64(10+g)))
		loggers.Go(func() { r.log(fmt.Sprint("g", g), own, 10+own.IntN(30)) })
	}
	stop := make(chan struct{})
	watcher.Go(func() {
		for open := true; open; {
			balance(t, r.h.Stats())
			select {
			case <-stop:
				open = false
			case <-time.After(100 * time.Microsecond):
			}
		}
	})
	if rng.IntN(2) == 0 { // Close in the middle of it all
		<-time.After(time.Duration(rng.Int64N(20e6)))
	} else {
		loggers.Wait()
	}
	if err := r.h.Close(r.deadline); errors.Is(err, context.DeadlineExceeded) {
		t.Error("Close ran out of time")
	}
	loggers.Wait()
	close(stop)
	watcher.Wait()
	if r.check(); t.Failed() {
		t.Logf("this was seed %d", seed)
	}
}
