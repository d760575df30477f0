package main

import (
	"time"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

// A scenario is a load that peers are compared under.
type scenario struct {
	Name, Title string
	drive.Load
	Peers []string
	// Few divides the records for peers that take very long. All figures of
	// these are by record or by second.
	Few map[string]int
	// Rounds bounds the rounds, if it is not zero.
	Rounds int

	Delay    time.Duration // of each answer of the sink
	TLS      bool
	Validate bool // the sink checks every batch

	profiles string // a folder for profiles of the peer
}

// loadOf is what a peer is given.
func (s *scenario) loadOf(peer string) *drive.Load {
	l := s.Load
	l.Peer = peer
	l.Records /= max(1, s.Few[peer])
	return &l
}

var (
	discards = []string{"slog", "zerolog", "zap", "phuslu"}
	policies = []string{"watchtower-oldest", "watchtower-lowest"} // that drop, beside the first of them
	ours     = []string{"watchtower", "watchtower-gzip", "watchtower-spool", "watchtower-always", "watchtower-yaml"}
	shippers = []string{"sdk", "moby", "python", "winston"}
	slow     = map[string]int{"python": 10, "winston": 5, "sdk-one": 100} // see Few
)

func with(lists ...[]string) (all []string) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

const million = 1_000_000

// scenarios are what docs/performance.md shows, in its order.
var scenarios = []*scenario{
	{
		Name: "serial", Title: "One goroutine, as fast as it can; the caller waits when the queue is full",
		Load: drive.Load{Records: million}, Few: slow,
		Peers: with(discards, ours, shippers, []string{"sdk-one"}),
	},
	{
		Name: "eight", Title: "8 goroutines, as fast as they can; the caller waits when the queue is full",
		Load: drive.Load{Records: million, Goroutines: 8}, Few: slow,
		Peers: with(discards, ours, shippers, []string{"sdk-four"}),
	},
	{
		Name: "plain", Title: "One goroutine; the record alone, without a source, a group and what is given to With",
		Load:  drive.Load{Records: million, Plain: true},
		Peers: []string{"slog", "watchtower", "watchtower-gzip", "sdk", "moby"},
	},
	{
		Name: "paced", Title: "50,000 records a second: how long a call takes",
		Load: drive.Load{Records: 250_000, Rate: 50_000}, Few: map[string]int{"python": 25},
		Peers: with([]string{"slog"}, ours, []string{"sdk", "moby", "python"}),
	},
	{
		Name: "latency", Title: "Each answer takes 50 ms; 8 goroutines, as fast as they can",
		Load: drive.Load{Records: million, Goroutines: 8}, Few: map[string]int{"python": 20, "winston": 10, "sdk": 4, "moby": 4},
		Delay: 50 * time.Millisecond,
		Peers: with([]string{"watchtower", "watchtower-gzip"}, shippers, []string{"sdk-four"}),
	},
	{
		Name: "far", Title: "20,000 records a second, each answer takes 50 ms: how long a call takes",
		Load:  drive.Load{Records: 100_000, Rate: 20_000},
		Delay: 50 * time.Millisecond,
		Peers: []string{"slog", "watchtower", "watchtower-gzip", "sdk", "moby"},
	},
	{
		Name: "outage", Title: "20,000 records a second for 10 s, 5 s of these the service fails; the caller waits when the queue is full",
		Load:  drive.Load{Records: 200_000, Rate: 20_000, FailFrom: 2 * time.Second, FailFor: 5 * time.Second},
		Peers: []string{"slog", "watchtower", "watchtower-gzip", "watchtower-spool", "watchtower-always", "moby"},
	},
	{
		Name: "outagedrop", Title: "20,000 records a second for 10 s, 5 s of these the service fails; what finds the queue full is dropped",
		Load:  drive.Load{Records: 200_000, Rate: 20_000, Drop: true, FailFrom: 2 * time.Second, FailFor: 5 * time.Second},
		Peers: with([]string{"slog", "watchtower", "watchtower-gzip"}, policies), Validate: true,
	},
	{
		Name: "drop", Title: "8 goroutines, as fast as they can; what finds the queue full is dropped",
		Load:  drive.Load{Records: million, Goroutines: 8, Drop: true},
		Peers: with([]string{"watchtower", "watchtower-gzip"}, policies), Validate: true,
	},
	{
		Name: "streams", Title: "8 goroutines, 1,000 log streams in turn",
		Load:  drive.Load{Records: 300_000, Goroutines: 8, Streams: 1000},
		Peers: []string{"slog", "watchtower", "watchtower-gzip"},
	},
	{
		Name: "big", Title: "Messages of 64 KB",
		Load:  drive.Load{Records: 10_000, Size: 64 << 10},
		Peers: []string{"slog", "watchtower", "watchtower-gzip", "sdk"},
	},
	{
		Name: "flushes", Title: "A flush after every 10 records, which is in the time of the calls",
		Load:  drive.Load{Records: 20_000, FlushEvery: 10},
		Peers: []string{"watchtower", "watchtower-gzip", "sdk"},
	},
	{
		Name: "tls", Title: "One goroutine, over TLS",
		Load: drive.Load{Records: million}, TLS: true,
		Peers: []string{"watchtower", "watchtower-gzip", "sdk"},
	},
	{
		Name: "quiet", Title: "A program that logs 10 records in a minute",
		Load: drive.Load{Records: 10, Rate: 10. / 60}, Rounds: 2,
		Peers: []string{"slog", "watchtower", "watchtower-gzip", "sdk-one"},
	},
	{
		Name: "idle", Title: "1,000 log streams, one record each, all delivered: what is held",
		Load:  drive.Load{Records: 1000, Streams: 1000, Idle: true},
		Peers: []string{"slog", "watchtower"},
	},
}
