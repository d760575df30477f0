package drive

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// A Load is what one run asks of one peer. It is given to the peer's process as
// JSON, whatever that is written in.
type Load struct {
	Peer       string
	Records    int
	Goroutines int           // that log at the same time; threads, elsewhere
	Rate       float64       // records a second, all goroutines together; 0 is as fast as they can
	Size       int           // bytes of the message; 0 is the usual 38
	Streams    int           // log streams; 0 is one
	FlushEvery int           // records; 0 is never
	Plain      bool          // the record alone: no source, nothing given beforehand
	Drop       bool          // drop when the queue is full, a tenth being warnings; else the caller waits
	FailFrom   time.Duration // into the run, the service refuses everything,
	FailFor    time.Duration // for so long
	Idle       bool          // measure the memory that is held when all is delivered

	API, Control string // URLs of the sink
	Dir          string // an empty folder
}

// A Result is what a peer's process says of itself, as one line of JSON.
type Result struct {
	CallSeconds  float64 // of all calls together, by the clock
	CloseSeconds float64 // from the last call to the end of Close
	CPUSeconds   float64 // of the process, from the first call to the end of Close
	Mallocs      int64   // in this time; 0 where nothing counts them
	AllocBytes   int64
	PeakRSS      int64  // bytes
	Anonymous    int64  // of them, without the pages of files; after the last call or after Close
	HeapBytes    int64  // held more than before the first call; with Idle
	Trouble      string `json:",omitempty"` // the first error of a flush, or that of Close

	// Of one call, in nanoseconds, with a Rate.
	P50, P99, P999, Max float64

	Ledger
}

// A Ledger is what a peer says of its records, if it counts them.
type Ledger struct {
	Accepted, Delivered, Dropped int64
	Own                          int64 // that it has written by itself
}

// Counts are what a sink saw since it was started.
type Counts struct {
	Requests    int64    // PutLogEvents, those refused too
	Refused     int64    // with 503
	Events      int64    // in requests that were not refused
	Bytes       int64    // of their bodies, as they came
	Connections int64    // opened
	Invalid     []string // what broke the service's rules; the first ten
}

// CountsOf asks a sink.
func CountsOf(control string) (c Counts, err error) {
	r, err := http.Get(control + "/counts")
	if err != nil {
		return c, err
	}
	defer r.Body.Close()
	return c, json.NewDecoder(r.Body).Decode(&c)
}

// Arrived waits until the load's sink has all records, or has got no more of
// them for five seconds. The sink looks, so that it costs the peer nothing.
func (l *Load) Arrived() error {
	r, err := http.Get(fmt.Sprintf("%s/arrived?events=%d", l.Control, l.Records))
	if err != nil {
		return err
	}
	defer r.Body.Close()
	var c Counts
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		return err
	}
	if c.Events < int64(l.Records) {
		return fmt.Errorf("%d of %d records arrived", c.Events, l.Records)
	}
	return nil
}

// Set changes how the load's sink behaves; the query is delay=50ms or fail=true.
func (l *Load) Set(query string) error {
	r, err := http.Get(l.Control + "/set?" + query)
	if err != nil {
		return err
	}
	r.Body.Close()
	if r.StatusCode != http.StatusOK {
		return fmt.Errorf("the sink did not take %q: %s", query, r.Status)
	}
	return nil
}

// Trace is the i-th record's trace id.
func Trace(i int) string { return traces[i%len(traces)] }

// Message is of the usual record: 38 letters and five attributes of mixed kinds,
// one of which
// hardly compresses.
const Message = "order taken and handed to the printers"

var traces = func() (ids [4096]string) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range ids {
		ids[i] = fmt.Sprintf("%016x%016x", r.Uint64(), r.Uint64())
	}
	return ids
}()

// Text is the message of a load: words in an order that is not always the same.
func (l *Load) Text() string {
	if l.Size == 0 {
		return Message
	}
	r := rand.New(rand.NewPCG(3, 4))
	words := strings.Fields(Message + " of the second floor after 17 minutes, with all receipts; nothing else was asked")
	var b strings.Builder
	for b.Len() < l.Size {
		b.WriteString(words[r.IntN(len(words))])
		b.WriteByte(" \t"[r.IntN(16)/15])
	}
	return b.String()[:l.Size]
}

// Stream names the i-th record's log stream.
func (l *Load) Stream(i int) string {
	if l.Streams == 0 {
		return "bench"
	}
	return fmt.Sprintf("tenant-%04d", i%l.Streams)
}
