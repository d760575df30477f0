package watchtower_test

import (
	"context"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

func TestSpoolHasTheWholeName(t *testing.T) {
	for name, opts := range map[string]watchtower.Options{
		"always":   {Spool: watchtower.SpoolAlways},
		"least":    {Spool: watchtower.SpoolAlways, QueueBytes: 64 << 10},
		"quarter":  {Spool: watchtower.SpoolAlways, QueueBytes: 256 << 10},
		"overflow": {QueueBytes: 64 << 10},
	} {
		t.Run(name, func(t *testing.T) {
			opts.SpoolDir = t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				k := newTask(t, 800*time.Millisecond, opts)
				text := strings.Repeat("x", 1000)
				for range 200 {
					slog.New(k).Info(text)
				}
				if err := k.Close(t.Context()); err != nil {
					t.Error(err)
				}
				if got, want := k.streams(), map[string]int{taskName: 200}; !maps.Equal(got, want) {
					t.Errorf("streams: %v, want %v", got, want)
				}
			})
		})
	}
}

// The next process may have another template, and knows nothing of this task.
func TestNextProcessFindsTheWholeNameInTheSpool(t *testing.T) {
	for name, opts := range map[string]watchtower.Options{
		"always":   {Spool: watchtower.SpoolAlways},
		"least":    {Spool: watchtower.SpoolAlways, QueueBytes: 64 << 10},
		"quarter":  {Spool: watchtower.SpoolAlways, QueueBytes: 256 << 10},
		"overflow": {QueueBytes: 64 << 10},
		"close":    {},
	} {
		t.Run(name, func(t *testing.T) {
			opts.SpoolDir, opts.MaxEventBytes, opts.Oversize = t.TempDir(), 2000, watchtower.Drop
			synctest.Test(t, func(t *testing.T) {
				k := newTask(t, 800*time.Millisecond, opts)
				k.down.Store(true)
				slog.New(k).Info(strings.Repeat("y", 3000)) // is lost, and the stream should say so
				text := strings.Repeat("x", 1000)
				for range 200 {
					slog.New(k).Info(text)
				}
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				k.Close(ctx)
				if s := k.Stats(); s.Spooled != 200 {
					t.Errorf("%+v", s)
				}
				k.down.Store(false)
				next, err := watchtower.New(t.Context(), group, &watchtower.Options{
					Client: k.client, SpoolDir: opts.SpoolDir, LogStreamName: "next", OnError: func(error) {},
				})
				if err != nil {
					t.Fatal(err)
				}
				if err := next.Close(t.Context()); err != nil {
					t.Error(err)
				}
				if got, want := k.streams(), map[string]int{taskName: 201}; !maps.Equal(got, want) {
					t.Errorf("streams: %v, want %v", got, want)
				}
			})
		})
	}
}
