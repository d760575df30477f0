package main

import (
	"io"
	"time"

	"github.com/rs/zerolog"
)

func init() {
	peers["zerolog"] = func(l *load) (*logger, error) {
		lg := zerolog.New(io.Discard).With().Timestamp().Caller().Str("service", "checkout").Int("version", 7).Logger()
		text := l.text()
		return discarding(func(i int) {
			lg.Info().Str("method", "GET").Int("status", 200+i%7).
				Dur("took", time.Duration(i%1_000_003)*1000).Bool("cached", i%3 == 0).
				Str("trace_id", traces[i%len(traces)]).Msg(text)
		}), nil
	}
}

// discarding is a peer whose records go nowhere.
func discarding(log func(i int)) *logger {
	nothing := func() error { return nil }
	return &logger{log: log, flush: nothing, close: nothing}
}
