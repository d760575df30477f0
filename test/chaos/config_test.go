//go:build chaos && unix

package chaos

import (
	"encoding/json"
	"time"

	"github.com/watchtower-go/watchtower"
)

// configVariable has the configuration of a client, as JSON.
const configVariable = "WATCHTOWER_CHAOS_CLIENT"

// A config tells a client process what to be.
type config struct {
	Process  int    // its number in the run, from 1
	Endpoint string // of the proxy
	Group    string
	Seed     uint64

	SpoolDir  string // empty: none
	Spool     watchtower.Spool
	WhenFull  watchtower.WhenFull
	Block     time.Duration // BlockTimeout
	Queue     int           // QueueBytes
	Flush     time.Duration // FlushInterval
	Batch     int           // MaxBatchEvents
	InFlight  int
	FileLimit uint64 // bytes that a file of this process may have; 0: no limit

	// Tap makes the client of this package, which writes down every put. Without
	// it the library makes its own.
	Tap bool
	// Answer is how long the tapped client waits for an answer.
	Answer time.Duration

	Workers int
	Pause   time.Duration // between bursts of a worker, at most
	Close   time.Duration // what Close is given
	// Drain makes the last client of a run: it logs nothing, adopts what is
	// left, and ends by itself when all of it is delivered.
	Drain bool
}

// options are those of the library.
func (c config) options() *watchtower.Options {
	return &watchtower.Options{
		LogStreamName:  "stream-{attr:stream}",
		EndpointURL:    c.Endpoint,
		SpoolDir:       c.SpoolDir,
		Spool:          c.Spool,
		WhenFull:       c.WhenFull,
		BlockTimeout:   c.Block,
		QueueBytes:     c.Queue,
		FlushInterval:  c.Flush,
		MaxBatchEvents: c.Batch,
		MaxInFlight:    c.InFlight,
	}
}

func (c config) encode() string {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // it has plain fields only
	}
	return string(text)
}
