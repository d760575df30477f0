package logconfig_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

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
		server := watchtowertest.NewServer(t)
		cfg, err := logconfig.Read(strings.NewReader(cloudDoc("s0", "1s")), &logconfig.Options{
			Watchtower: func(_ string, o *watchtower.Options) { o.Client = server.Client() },
			OnError:    func(err error) { t.Error(err) },
		})
		if err != nil {
			t.Fatal(err)
		}
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
		server := watchtowertest.NewServer(t)
		cfg, err := logconfig.Read(strings.NewReader(cloudDoc("old", "1s")), &logconfig.Options{
			Watchtower: func(_ string, o *watchtower.Options) { o.Client = server.Client() },
			OnError:    func(err error) { t.Error(err) },
		})
		if err != nil {
			t.Fatal(err)
		}
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
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		began := time.Now()
		err = cfg.Close(ctx)
		left, ok := errors.AsType[*watchtower.CloseError](err)
		if !ok || left.Stats.Dropped != 1 {
			t.Errorf("%v", err)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("Close took %v", took)
		}
	})
}

func TestBrokenFileLeavesTheOldConfiguration(t *testing.T) {
	cfg, out := start(t, treeDoc)
	err := cfg.ReloadFrom(strings.NewReader("version: 1\nroot: {handlers: [none]}\n"))
	if _, ok := errors.AsType[*logconfig.Error](err); !ok {
		t.Errorf("%v", err)
	}
	cfg.Logger("").Warn("m")
	if diff := cmp.Diff("a root WARNING m\n", out.take()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A handler that does not start takes those down that did, and nothing changes. What
// were left running would be seen when the tests end.
func TestReloadIsAllOrNothing(t *testing.T) {
	cfg, out := start(t, treeDoc)
	err := cfg.ReloadFrom(strings.NewReader(`
version: 1
handlers:
  a: {class: cloudwatch, endpoint_url: "http://127.0.0.1:1"}
  f: {class: logging.FileHandler, filename: no/such/folder/app.log}
root: {handlers: [a, f]}
`))
	e, ok := errors.AsType[*logconfig.Error](err)
	if !ok || e.Problems[0].Line != 5 || !strings.Contains(err.Error(), "make the folder first") {
		t.Errorf("%v", err)
	}
	cfg.Logger("").Warn("m")
	if diff := cmp.Diff("a root WARNING m\n", out.take()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestReloadSilencesLoggersInUse(t *testing.T) {
	cfg, out := start(t, `
version: 1
handlers: {out: {class: logging.StreamHandler}}
root: {level: INFO, handlers: [out]}
`)
	names := []string{"", "named", "named.below", "other", "other.below"}
	logAll := func() {
		for _, n := range names {
			cfg.Logger(n).Info("from " + n)
		}
	}
	logAll()
	if diff := cmp.Diff("from \nfrom named\nfrom named.below\nfrom other\nfrom other.below\n", out.take()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	next := `
version: 1
disable_existing_loggers: %v
handlers: {out: {class: logging.StreamHandler}}
root: {level: INFO, handlers: [out]}
loggers: {named: {}}
`
	for disable, want := range map[bool]string{
		true:  "from \nfrom named\nfrom named.below\n",
		false: "from \nfrom named\nfrom named.below\nfrom other\nfrom other.below\n",
	} {
		if err := cfg.ReloadFrom(strings.NewReader(fmt.Sprintf(next, disable))); err != nil {
			t.Fatal(err)
		}
		logAll()
		if diff := cmp.Diff(want, out.take()); diff != "" {
			t.Errorf("%v: -want +got:\n%s", disable, diff)
		}
	}
}

func TestIncrementalChangesLevelsAndNothingElse(t *testing.T) {
	cfg, out := start(t, treeDoc)
	log := cfg.Logger("app")
	if err := cfg.ReloadFrom(strings.NewReader(`
version: 1
incremental: true
handlers: {b: {level: INFO, class: nothing.that.exists}}
loggers:
  app: {propagate: false, handlers: [ignored]}
  fresh: {level: DEBUG}
root: {level: ERROR}
`)); err != nil {
		t.Fatal(err)
	}
	log.Info("m")
	cfg.Logger("").Warn("no")
	cfg.Logger("fresh").Debug("m")
	if diff := cmp.Diff("b app INFO m\na fresh DEBUG m\n", out.take()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	err := cfg.ReloadFrom(strings.NewReader("version: 1\nincremental: true\nhandlers: {c: {level: INFO}}\n"))
	if err == nil || !strings.Contains(err.Error(), `unknown handler "c"`) {
		t.Errorf("%v", err)
	}
}

func TestReloadAfterCloseIsRefused(t *testing.T) {
	cfg, _ := start(t, treeDoc)
	cfg.Close(t.Context())
	if err := cfg.ReloadFrom(strings.NewReader(treeDoc)); !errors.Is(err, logconfig.ErrClosed) {
		t.Errorf("%v", err)
	}
	if err := cfg.Reload(); err == nil {
		t.Error("there is no file")
	}
}

const watchedDoc = "version: 1\nhandlers: {out: {class: logging.StreamHandler}}\nroot: {level: %s, handlers: [out]}\n"

func TestFileIsReloadedWhenItHasChanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "logging.yaml")
	write := func(level string) {
		t.Helper()
		if err := os.WriteFile(path, fmt.Appendf(nil, watchedDoc, level), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("ERROR")
	synctest.Test(t, func(t *testing.T) {
		out, told := &screen{}, make(chan error, 10)
		cfg, err := logconfig.Load(path, &logconfig.Options{Watch: time.Second, Stderr: out, OnError: func(err error) { told <- err }})
		if err != nil {
			t.Fatal(err)
		}
		defer cfg.Close(t.Context())
		log := cfg.Logger("")
		<-time.After(10 * time.Second)
		log.Info("not yet")
		write("INFO")
		<-time.After(3 * time.Second)
		log.Info("now")
		write("LOUD, nonsense: [")
		<-time.After(3 * time.Second)
		if err := <-told; !strings.Contains(err.Error(), "stays as it was") {
			t.Errorf("%v", err)
		}
		log.Info("still")
		<-time.After(time.Minute)
		if len(told) > 0 {
			t.Errorf("told again: %v", <-told)
		}
		if diff := cmp.Diff("now\nstill\n", out.take()); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

// A file that is being written is not read half.
func TestFileThatChangesAllTheTimeIsNotRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "logging.yaml")
	doc := fmt.Sprintf(watchedDoc, "INFO")
	write := func(n int) {
		t.Helper()
		if err := os.WriteFile(path, []byte(doc[:n]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(len(doc))
	synctest.Test(t, func(t *testing.T) {
		cfg, err := logconfig.Load(path, &logconfig.Options{Watch: time.Second, OnError: func(err error) { t.Error(err) }})
		if err != nil {
			t.Fatal(err)
		}
		defer cfg.Close(t.Context())
		<-time.After(time.Second / 2)
		for n := range len(doc) {
			write(n)
			<-time.After(time.Second)
		}
		write(len(doc))
		<-time.After(time.Minute)
	})
}

func TestFileIsReloadedAtHangup(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // no process can send itself a signal there
	}
	path := filepath.Join(t.TempDir(), "logging.yaml")
	if err := os.WriteFile(path, fmt.Appendf(nil, watchedDoc, "ERROR"), 0o600); err != nil {
		t.Fatal(err)
	}
	told := make(chan error, 1)
	cfg, err := logconfig.Load(path, &logconfig.Options{ReloadOnHangup: true, OnError: func(err error) { told <- err }})
	if err != nil {
		t.Fatal(err)
	}
	defer cfg.Close(t.Context())
	if err := os.WriteFile(path, []byte("version: 2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := self.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if err := <-told; !strings.Contains(err.Error(), "2 is not known") {
		t.Errorf("%v", err)
	}
}
