package main

import (
	"fmt"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

// An axis is something that grows from run to run, while the rest stays.
type axis struct {
	name, title string
	values      []int
	load        func(v int) drive.Load
}

var axes = []axis{
	{
		"goroutines", "goroutines that log at the same time",
		[]int{1, 2, 4, 8, 16, 32, 64},
		func(v int) drive.Load { return drive.Load{Records: 400_000, Goroutines: v} },
	},
	{
		"size", "bytes of the message",
		[]int{100, 1000, 10_000, 100_000},
		func(v int) drive.Load {
			return drive.Load{Records: min(400_000, 400_000_000/v), Goroutines: 8, Size: v}
		},
	},
	{
		"logstreams", "log streams, in turn",
		[]int{1, 10, 100, 1000, 10_000},
		func(v int) drive.Load { return drive.Load{Records: 200_000, Goroutines: 8, Streams: v} },
	},
}

// growing are the peers whose growth is shown.
var growing = []string{"slog", "watchtower", "watchtower-gzip"}

// at is the scenario of one value.
func (a *axis) at(v int) *scenario {
	return &scenario{Name: fmt.Sprintf("%s=%d", a.name, v), Title: fmt.Sprintf("%d %s", v, a.title), Load: a.load(v), Peers: growing}
}

func init() {
	for _, a := range axes {
		for _, v := range a.values {
			scenarios = append(scenarios, a.at(v))
		}
	}
}
