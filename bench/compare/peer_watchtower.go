package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/logconfig"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

func init() {
	plain := watchtower.Options{NoCompression: true}
	peers["watchtower"] = watchtowerPeer(plain)
	peers["watchtower-gzip"] = watchtowerPeer(watchtower.Options{})
	spool := plain
	spool.SpoolDir = "spool"
	peers["watchtower-spool"] = watchtowerPeer(spool)
	spool.Spool = watchtower.SpoolAlways
	peers["watchtower-always"] = watchtowerPeer(spool)
	for name, policy := range map[string]watchtower.WhenFull{"watchtower-oldest": watchtower.DropOldest, "watchtower-lowest": watchtower.DropLowestLevel} {
		plain.WhenFull = policy
		peers[name] = watchtowerPeer(plain)
	}
	peers["watchtower-yaml"] = yamlPeer
}

// watchtowerPeer is ours with some options: those that the load asks for come on
// top.
func watchtowerPeer(opts watchtower.Options) func(*drive.Load) (*drive.Logger, error) {
	return func(l *drive.Load) (*drive.Logger, error) {
		opts.AddSource = !l.Plain
		opts.EndpointURL, opts.Region = l.API, "us-east-1"
		opts.LogStreamName = "bench"
		if l.Streams > 0 {
			opts.LogStreamName, opts.MaxStreams = "{attr:tenant}", l.Streams+1
		}
		if !l.Drop {
			opts.WhenFull = watchtower.Block
		}
		if opts.SpoolDir != "" {
			opts.SpoolDir = filepath.Join(l.Dir, "spool")
		}
		h, err := watchtower.New(context.Background(), "bench", &opts)
		if err != nil {
			return nil, err
		}
		return atWork(l, h, h.Close), nil
	}
}

func atWork(l *drive.Load, h *watchtower.Handler, end func(context.Context) error) *drive.Logger {
	lg := l.Slog(h, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		return end(ctx)
	})
	lg.Flush = func() error { return h.Flush(context.Background()) }
	lg.Counts = func() drive.Ledger {
		s := h.Stats()
		return drive.Ledger{Accepted: s.Accepted, Delivered: s.Delivered, Dropped: s.Dropped, Own: s.Own}
	}
	return lg
}

// yamlPeer is ours as a file configures it.
func yamlPeer(l *drive.Load) (*drive.Logger, error) {
	const text = `version: 1
handlers:
  cloudwatch:
    class: watchtower.CloudWatchLogHandler
    log_group_name: bench
    log_stream_name: bench
    endpoint_url: %s
    region: us-east-1
    format: json
    add_source: true
    no_compression: true
    when_full: block
root: {level: INFO, handlers: [cloudwatch]}
`
	name := filepath.Join(l.Dir, "logging.yaml")
	if err := os.WriteFile(name, fmt.Appendf(nil, text, l.API), 0o600); err != nil {
		return nil, err
	}
	cfg, err := logconfig.Load(name, nil)
	if err != nil {
		return nil, err
	}
	return l.Slog(cfg.Logger("").Handler(), func() error { return cfg.Close(context.Background()) }), nil
}
