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
				server := watchtowertest.NewServer(t)
				server.Faults().Fail("", 503, -1)
				cfg, err := logconfig.Read(strings.NewReader(cloudDoc("old", "1s")), &logconfig.Options{
					Watchtower: func(_ string, o *watchtower.Options) { o.Client = server.Client() },
					OnError:    func(error) {},
				})
				if err != nil {
					t.Fatal(err)
				}
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
