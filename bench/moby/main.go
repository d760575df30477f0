// Moby is the log driver of Docker's daemon as a peer of compare.
package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	mobylog "github.com/docker/docker/daemon/logger"
	"github.com/docker/docker/daemon/logger/awslogs"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: moby LOAD, as compare gives it")
		os.Exit(2)
	}
	if err := drive.Main(os.Args[1], map[string]drive.Peer{"moby": mobyPeer}); err != nil {
		fmt.Fprintln(os.Stderr, "moby:", err)
		os.Exit(1)
	}
}

// mobyPeer is the log driver of Docker's daemon, given the lines that a program
// in a container would have written.
func mobyPeer(l *drive.Load) (*drive.Logger, error) {
	d, err := awslogs.New(mobylog.Info{Config: map[string]string{
		"awslogs-region": "us-east-1", "awslogs-endpoint": l.API,
		"awslogs-group": "bench", "awslogs-stream": "bench",
	}})
	if err != nil {
		return nil, err
	}
	return l.Slog(slog.NewJSONHandler(mobyWriter{d}, l.HandlerOptions()), func() error {
		if err := d.Close(); err != nil { // which does not wait
			return err
		}
		return l.Arrived()
	}), nil
}

type mobyWriter struct{ mobylog.Logger }

var _ io.Writer = mobyWriter{}

// Write takes one line, which is one event.
func (w mobyWriter) Write(line []byte) (int, error) {
	m := mobylog.NewMessage()
	m.Line = append(m.Line, line[:len(line)-1]...)
	m.Timestamp = time.Now()
	return len(line), w.Log(m)
}
