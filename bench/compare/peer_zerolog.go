package main

import (
	"io"
	"time"

	"github.com/rs/zerolog"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

func init() {
	peers["zerolog"] = func(l *drive.Load) (*drive.Logger, error) {
		lg := zerolog.New(io.Discard).With().Timestamp().Caller().Str("service", "checkout").Int("version", 7).Logger()
		text := l.Text()
		return discarding(func(i int) {
			lg.Info().Str("method", "GET").Int("status", 200+i%7).
				Dur("took", time.Duration(i%1_000_003)*1000).Bool("cached", i%3 == 0).
				Str("trace_id", drive.Trace(i)).Msg(text)
		}), nil
	}
}

// discarding is a peer whose records go nowhere.
func discarding(log func(i int)) *drive.Logger {
	nothing := func() error { return nil }
	return &drive.Logger{Log: log, Flush: nothing, Close: nothing}
}
