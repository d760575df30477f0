package logconfig_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower/logconfig"
)

// A handler that was replaced may be in the middle of a pause between attempts
// when the outage is over and the program ends: who flushes or closes then has its
// records delivered at once.
func TestWhatWasReplacedIsDeliveredAtTheEnd(t *testing.T) {
	ends := map[string]func(*logconfig.Config, context.Context) error{
		"Flush": (*logconfig.Config).Flush, "Close": (*logconfig.Config).Close,
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg, server := delivering(t, cloudDoc("old", "1s"), func(error) {})
				server.Faults().Fail("", 503, -1)
				cfg.Logger("").Info("before")
				if err := cfg.ReloadFrom(strings.NewReader(cloudDoc("new", "1s"))); err != nil {
					t.Fatal(err)
				}
				<-time.After(10 * time.Minute)
				server.Faults().Clear()
				ctx, cancel := context.WithTimeout(context.Background(), time.Second)
				defer cancel()
				if err := end(cfg, ctx); err != nil {
					t.Error(err)
				}
				if n := len(server.Events("app")); n != 1 {
					t.Errorf("%d events arrived, want 1", n)
				}
				cfg.Close(ctx)
			})
		})
	}
}
