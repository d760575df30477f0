package logconfig_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/logconfig"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// In Python a call without a queue gives up after a few attempts; it must not wait for
// ever here.
func TestUseQueuesFalseWaitsForBlockTimeoutAtMost(t *testing.T) {
	for keys, want := range map[string]time.Duration{
		"use_queues: false":                     30 * time.Second,
		"use_queues: false, block_timeout: 10s": 10 * time.Second,
	} {
		synctest.Test(t, func(t *testing.T) {
			server := watchtowertest.NewServer(t)
			cfg, err := logconfig.Read(strings.NewReader(`
version: 1
handlers: {c: {class: watchtower.CloudWatchLogHandler, create_log_group: false, `+keys+`}}
root: {level: INFO, handlers: [c]}
`), &logconfig.Options{
				Watchtower: func(_ string, o *watchtower.Options) { o.Client = server.Client() },
				OnError:    func(error) {},
			})
			if err != nil {
				t.Fatal(err)
			}
			begin := time.Now()
			cfg.Logger("").Info("first")
			if d := time.Since(begin); d != want {
				t.Errorf("%s: the call took %v", keys, d)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if err := cfg.Close(ctx); err == nil {
				t.Error("the record was delivered")
			}
		})
	}
}
