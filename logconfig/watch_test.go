package logconfig_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/logconfig"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

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

// watching loads a file that is looked after, in a bubble.
func watching(t *testing.T, f func(path string, cfg *logconfig.Config, out *screen, told <-chan error)) {
	path := filepath.Join(t.TempDir(), "logging.yaml")
	if err := os.WriteFile(path, fmt.Appendf(nil, watchedDoc, "ERROR"), 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		out, told := &screen{}, make(chan error, 10)
		cfg, err := logconfig.Load(path, &logconfig.Options{Watch: time.Second, Stderr: out, OnError: func(err error) { told <- err }})
		if err != nil {
			t.Fatal(err)
		}
		defer cfg.Close(t.Context())
		f(path, cfg, out, told)
	})
}

func TestFileThatIsGoneIsToldOnceAndReadWhenItIsBack(t *testing.T) {
	watching(t, func(path string, cfg *logconfig.Config, out *screen, told <-chan error) {
		for range 2 {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			<-time.After(time.Minute)
			cfg.Logger("").Error("old rules")
			if err := <-told; len(told) > 0 || !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "stays as it was") {
				t.Errorf("%v, and %d more", err, len(told))
			}
			if err := os.WriteFile(path, fmt.Appendf(nil, watchedDoc, "INFO"), 0o600); err != nil {
				t.Fatal(err)
			}
			<-time.After(3 * time.Second)
			cfg.Logger("").Info("new rules")
		}
		if diff := cmp.Diff(strings.Repeat("old rules\nnew rules\n", 2), out.take()); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if len(told) > 0 {
			t.Errorf("told: %v", <-told)
		}
	})
}

// Some replace a file by taking it away first.
func TestFileThatIsGoneForAMomentIsNotTold(t *testing.T) {
	watching(t, func(path string, cfg *logconfig.Config, out *screen, told <-chan error) {
		<-time.After(time.Second / 2)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Second)
		if err := os.WriteFile(path, fmt.Appendf(nil, watchedDoc, "INFO"), 0o600); err != nil {
			t.Fatal(err)
		}
		<-time.After(3 * time.Second)
		cfg.Logger("").Info("now")
		if out.take() != "now\n" || len(told) > 0 {
			t.Errorf("%d errors", len(told))
		}
	})
}

// Kubernetes mounts a ConfigMap as links to a folder of links, and puts another
// folder in the place of that at once.
func TestFileBehindLinksIsFollowed(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // links need a privilege there
	}
	dir := t.TempDir()
	volume := func(name, level string) {
		t.Helper()
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "logging.yaml"), fmt.Appendf(nil, watchedDoc, level), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(name, filepath.Join(dir, "..new")); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(dir, "..new"), filepath.Join(dir, "..data")); err != nil {
			t.Fatal(err)
		}
	}
	volume("..one", "INFO")
	if err := os.Symlink("..data/logging.yaml", filepath.Join(dir, "logging.yaml")); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		out := &screen{}
		cfg, err := logconfig.Load(filepath.Join(dir, "logging.yaml"), &logconfig.Options{
			Watch: time.Second, Stderr: out, OnError: func(err error) { t.Error(err) },
		})
		if err != nil {
			t.Fatal(err)
		}
		defer cfg.Close(t.Context())
		<-time.After(time.Second)
		volume("..two", "WARN")
		if err := os.RemoveAll(filepath.Join(dir, "..one")); err != nil {
			t.Fatal(err)
		}
		<-time.After(3 * time.Second)
		cfg.Logger("").Info("as before")
		cfg.Logger("").Warn("now")
		if diff := cmp.Diff("now\n", out.take()); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

// A hangup that comes while the file is loaded neither ends the program nor is
// missed.
func TestHangupDuringLoadIsNotMissed(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // no process can send itself a signal there
	}
	path := filepath.Join(t.TempDir(), "logging.yaml")
	if err := os.WriteFile(path, []byte(cloudDoc("s", "1s")), 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	server, told := watchtowertest.NewServer(t), make(chan error, 1)
	cfg, err := logconfig.Load(path, &logconfig.Options{
		ReloadOnHangup: true,
		OnError:        func(err error) { told <- err },
		Watchtower: func(_ string, o *watchtower.Options) {
			o.Client = server.Client()
			if err := errors.Join(os.WriteFile(path, []byte("version: 2\n"), 0o600), self.Signal(syscall.SIGHUP)); err != nil {
				t.Error(err)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer cfg.Close(t.Context())
	if err := <-told; !strings.Contains(err.Error(), "2 is not known") {
		t.Errorf("%v", err)
	}
}
