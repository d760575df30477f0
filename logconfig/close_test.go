package logconfig_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/logconfig"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// Close comes while others log and reload: each record that was taken is in both
// the file and the log group, once; none is in them later.
func TestCloseAmidLoggingAndReloadsLosesNothingThatWasTaken(t *testing.T) {
	dir := filepath.ToSlash(t.TempDir())
	synctest.Test(t, func(t *testing.T) {
		server := watchtowertest.NewServer(t)
		doc := func(n int) string {
			return fmt.Sprintf(`
version: 1
disable_existing_loggers: false
handlers:
  cloud: {class: watchtower.CloudWatchLogHandler, log_group: app, log_stream_name: s%d}
  file: {class: logging.handlers.RotatingFileHandler, filename: %s/app.log, maxBytes: %d}
root: {level: INFO, handlers: [cloud, file]}
`, n%3, dir, n%2)
		}
		cfg, err := logconfig.Read(strings.NewReader(doc(0)), &logconfig.Options{
			Watchtower: func(_ string, o *watchtower.Options) { o.Client = server.Client() },
			OnError:    func(error) {}, // of what comes too late
		})
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		taken := make([][]string, 4)
		for n := range taken {
			h := cfg.Handler(fmt.Sprint("app.l", n))
			all.Go(func() {
				for i := range 200 {
					text := fmt.Sprintf("m %d %d", n, i)
					if h.Handle(context.Background(), slog.NewRecord(time.Now(), slog.LevelInfo, text, 0)) == nil {
						taken[n] = append(taken[n], text)
					}
					<-time.After(time.Millisecond)
				}
			})
		}
		all.Go(func() {
			for n := 1; cfg.ReloadFrom(strings.NewReader(doc(n))) == nil; n++ {
				<-time.After(3 * time.Millisecond)
			}
		})
		<-time.After(100*time.Millisecond + time.Microsecond)
		for range 2 {
			all.Go(func() {
				if err := cfg.Close(context.Background()); err != nil && !strings.Contains(err.Error(), "closed") {
					t.Error(err)
				}
			})
		}
		all.Wait()
		got := map[string]int{}
		for _, e := range server.Events("app") {
			got[e.Message]++
		}
		text, err := os.ReadFile(filepath.Join(dir, "app.log"))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			got["file "+strings.TrimSuffix(line, "\n")]++
		}
		for n := range taken {
			if len(taken[n]) < 50 || len(taken[n]) > 150 {
				t.Errorf("logger %d: %d records were taken", n, len(taken[n]))
			}
			for _, text := range taken[n] {
				if got[text] != 1 || got["file "+text] != 1 {
					t.Errorf("%q: %d times in the log group, %d times in the file", text, got[text], got["file "+text])
				}
			}
		}
	})
}

// stuck takes nothing until it is let go.
type stuck chan struct{}

func (s stuck) Write(p []byte) (int, error) {
	<-s
	return len(p), nil
}

// A console that nobody reads does not keep a program from ending.
func TestCloseDoesNotWaitForAStreamThatIsStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := make(stuck)
		cfg, err := logconfig.Read(strings.NewReader("version: 1\nhandlers: {out: {class: logging.StreamHandler}}\nroot: {level: INFO, handlers: [out]}\n"), &logconfig.Options{Stderr: out})
		if err != nil {
			t.Fatal(err)
		}
		var log sync.WaitGroup
		log.Go(func() { cfg.Logger("").Info("m") })
		synctest.Wait()
		done := make(chan error, 1)
		go func() { done <- cfg.Close(t.Context()) }()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(time.Minute):
			t.Error("it waits")
		}
		close(out)
		log.Wait()
	})
}

// What hears of a file that cannot be reloaded may decide to close everything.
func TestOnErrorMayClose(t *testing.T) {
	path := filepath.Join(t.TempDir(), "logging.yaml")
	if err := os.WriteFile(path, fmt.Appendf(nil, watchedDoc, "INFO"), 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		var cfg *logconfig.Config
		done := make(chan error, 1)
		cfg, err := logconfig.Load(path, &logconfig.Options{Watch: time.Second, Stderr: &screen{}, OnError: func(error) { done <- cfg.Close(context.Background()) }})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("nonsense"), 0o600); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(time.Minute):
			t.Error("it waits for itself")
		}
	})
}
