package logconfig_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/logconfig"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// cloudDoc is a document with a CloudWatch handler and an interval.
func cloudDoc(stream, interval string, more ...string) string {
	return fmt.Sprintf(`
version: 1
disable_existing_loggers: false
handlers:
  cloud: {class: watchtower.CloudWatchLogHandler, log_group: app, log_stream_name: %q, flush_interval: %s}
root: {level: INFO, handlers: [cloud]}
%s`, stream, interval, strings.Join(more, "\n"))
}

// Loggers log all the time while the configuration changes between two log
// streams: each record arrives once.
func TestReloadLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, server := delivering(t, cloudDoc("s0", "1s"), func(err error) { t.Error(err) })
		const loggers, each, reloads = 4, 300, 20
		var all sync.WaitGroup
		for n := range loggers {
			log := cfg.Logger(fmt.Sprintf("app.l%d", n)).With("n", n)
			all.Go(func() {
				for i := range each {
					log.Info("m", "i", i)
					<-time.After(time.Duration(n+1) * time.Millisecond)
				}
			})
		}
		for i := range reloads {
			<-time.After(17 * time.Millisecond)
			if err := cfg.ReloadFrom(strings.NewReader(cloudDoc(fmt.Sprintf("s%d", i+1), "1s"))); err != nil {
				t.Error(err)
			}
		}
		all.Wait()
		if err := cfg.Close(context.Background()); err != nil {
			t.Error(err)
		}
		got := map[string]int{}
		streams := map[string]bool{}
		for _, e := range server.Events("app") {
			got[e.Message]++
			streams[e.Stream] = true
		}
		for n := range loggers {
			for i := range each {
				if m := fmt.Sprintf("m n=%d i=%d", n, i); got[m] != 1 {
					t.Errorf("%q arrived %d times", m, got[m])
				}
			}
		}
		if len(streams) < reloads/2 {
			t.Errorf("only %d log streams: the loggers did not switch over", len(streams))
		}
	})
}

// slowValue takes its time to say what it is.
type slowValue struct{}

func (slowValue) LogValue() slog.Value {
	<-time.After(time.Minute)
	return slog.StringValue("slow")
}

// A call that is under way while the configuration changes ends in the one in
// which it began.
func TestReloadWaitsForCallsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, server := delivering(t, cloudDoc("old", "1s"), func(err error) { t.Error(err) })
		var call sync.WaitGroup
		call.Go(func() { cfg.Logger("").Info("m", "v", slowValue{}) })
		<-time.After(time.Second)
		if err := cfg.ReloadFrom(strings.NewReader(cloudDoc("new", "1s"))); err != nil {
			t.Fatal(err)
		}
		<-time.After(10 * time.Second)
		call.Wait()
		if err := cfg.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if e := server.Events("app"); len(e) != 1 || e[0].Stream != "old" || e[0].Message != "m v=slow" {
			t.Errorf("%v", e)
		}
	})
}

// The same when there are more reloads meanwhile, of which the first leaves the
// handler alone.
func TestReloadWaitsForCallsOfAllConfigurationsBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, server := delivering(t, cloudDoc("old", "1s"), func(err error) { t.Error(err) })
		var call sync.WaitGroup
		call.Go(func() { cfg.Logger("").Info("m", "v", slowValue{}) })
		<-time.After(time.Second)
		for _, doc := range []string{cloudDoc("old", "1s", "loggers: {app: {level: ERROR}}"), cloudDoc("new", "1s"), cloudDoc("newer", "1s")} {
			if err := cfg.ReloadFrom(strings.NewReader(doc)); err != nil {
				t.Fatal(err)
			}
			<-time.After(time.Second)
		}
		call.Wait()
		if err := cfg.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if e := server.Events("app"); len(e) != 1 || e[0].Stream != "old" || e[0].Message != "m v=slow" {
			t.Errorf("%v", e)
		}
	})
}

func TestReplaceAttrOfTheProgramIsHonoured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := watchtowertest.NewServer(t)
		cfg, err := logconfig.Read(strings.NewReader(cloudDoc("s", "1s")), &logconfig.Options{
			Watchtower: func(_ string, o *watchtower.Options) {
				o.Client = server.Client()
				o.ReplaceAttr = func(_ []string, a slog.Attr) slog.Attr {
					if a.Key == "password" {
						return slog.String(a.Key, "***")
					}
					return a
				}
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		cfg.Logger("").With("password", "one").Info("m", slog.Group("g", "password", "two"))
		if err := cfg.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if e := server.Events("app"); len(e) != 1 || e[0].Message != "m password=*** g.password=***" {
			t.Errorf("%v", e)
		}
	})
}

func TestUnchangedHandlersLiveOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := watchtowertest.NewServer(t)
		made := 0
		cfg, err := logconfig.Read(strings.NewReader(cloudDoc("s", "1h")), &logconfig.Options{
			Watchtower: func(_ string, o *watchtower.Options) { made++; o.Client = server.Client() },
		})
		if err != nil {
			t.Fatal(err)
		}
		defer cfg.Close(context.Background())
		cfg.Logger("").Info("one")
		same := cloudDoc("s", "1h", "loggers: {app: {level: ERROR}}")
		if err := cfg.ReloadFrom(strings.NewReader(same)); err != nil {
			t.Fatal(err)
		}
		cfg.Logger("").Info("two")
		cfg.Logger("app").Info("the new level says no")
		if s := cfg.Stats()["cloud"]; made != 1 || s.Accepted != 2 {
			t.Errorf("%d handlers were made, the last has accepted %d", made, s.Accepted)
		}
	})
}

// What the program changes of options is not taken for a change of the document.
func TestReloadComparesDocuments(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, made := watchtowertest.NewServer(t), 0
		doc := "version: 1\nhandlers: {c: {class: cloudwatch, tags: {a: b}, fields: {f: g}, record_attrs: [lineno], sampling: true, entity: {Type: Service, Name: n, Environment: e}}}\n"
		cfg, err := logconfig.Read(strings.NewReader(doc), &logconfig.Options{Watchtower: func(_ string, o *watchtower.Options) {
			made++
			o.Client, o.Tags["c"], o.Sampling.First, o.Entity.KeyAttributes["Name"] = server.Client(), "d", 7, "m"
			o.Fields["h"], o.RecordAttrs[0] = "i", "process"
		}})
		if err != nil {
			t.Fatal(err)
		}
		defer cfg.Close(context.Background())
		if err := cfg.ReloadFrom(strings.NewReader(doc)); err != nil || made != 1 {
			t.Errorf("%d handlers were made, %v", made, err)
		}
	})
}

func TestOutageDoesNotEndAHandlerThatWasReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := watchtowertest.NewServer(t)
		server.Faults().Fail("", 503, -1)
		cfg, err := logconfig.Read(strings.NewReader(cloudDoc("old", "1s")), &logconfig.Options{
			Watchtower: func(_ string, o *watchtower.Options) { o.Client = server.Client() },
			OnError: func(err error) {
				if _, lost := errors.AsType[*watchtower.DropError](err); lost {
					t.Error(err)
				}
			},
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
		if err := cfg.Flush(t.Context()); err != nil {
			t.Error(err)
		}
		if e := server.Events("app"); len(e) != 1 || e[0].Stream != "old" {
			t.Errorf("%v", e)
		}
		if err := cfg.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func TestCloseEndsWhatWasReplacedInItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, server := delivering(t, cloudDoc("old", "1s"), func(error) {})
		server.Faults().Fail("", 503, -1)
		cfg.Logger("").Info("before")
		if err := cfg.ReloadFrom(strings.NewReader(cloudDoc("new", "1s"))); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		began := time.Now()
		err := cfg.Close(ctx)
		left, ok := errors.AsType[*watchtower.CloseError](err)
		if !ok || left.Stats.Dropped != 1 {
			t.Errorf("%v", err)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("Close took %v", took)
		}
	})
}

// delivering reads a document whose handlers deliver to a local server.
func delivering(t *testing.T, doc string, onError func(error)) (*logconfig.Config, *watchtowertest.Server) {
	t.Helper()
	server := watchtowertest.NewServer(t)
	cfg, err := logconfig.Read(strings.NewReader(doc), &logconfig.Options{
		Watchtower: func(_ string, o *watchtower.Options) { o.Client = server.Client() },
		OnError:    onError,
	})
	if err != nil {
		t.Fatal(err)
	}
	return cfg, server
}
