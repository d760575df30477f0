package logconfig_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/logconfig"
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
