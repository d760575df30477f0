package main

import (
	"io"
	"log/slog"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

func init() {
	peers["slog"] = func(l *drive.Load) (*drive.Logger, error) {
		return l.Slog(slog.NewJSONHandler(io.Discard, l.HandlerOptions()), nil), nil
	}
}
