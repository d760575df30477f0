package main

import (
	"io"
	"time"

	"github.com/phuslu/log"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

func init() {
	peers["phuslu"] = func(l *drive.Load) (*drive.Logger, error) {
		lg := log.Logger{
			Level: log.InfoLevel, Caller: 1, Writer: log.IOWriter{Writer: io.Discard},
			Context: log.NewContext(nil).Str("service", "checkout").Int("version", 7).Value(),
		}
		text := l.Text()
		return discarding(func(i int) {
			lg.Info().Str("method", "GET").Int("status", 200+i%7).
				Dur("took", time.Duration(i%1_000_003)*1000).Bool("cached", i%3 == 0).
				Str("trace_id", drive.Trace(i)).Msg(text)
		}), nil
	}
}
