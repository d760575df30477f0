package logconfig_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower/logconfig"
)

// half takes each second line.
type half struct{ n int }

func (h *half) Write(p []byte) (int, error) {
	if h.n++; h.n%2 == 0 {
		return 0, errors.New("refused")
	}
	return len(p), nil
}

// A collector that is gone refuses each second datagram: OnError hears of all that
// is lost, and not of each.
func TestLossesAreAllToldAndDoNotFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls, lines int64
		cfg, err := logconfig.Read(strings.NewReader("version: 1\nhandlers: {out: {class: logging.StreamHandler}}\nroot: {level: INFO, handlers: [out]}\n"),
			&logconfig.Options{Stderr: &half{}, OnError: func(err error) {
				e, _ := errors.AsType[*logconfig.WriteError](err)
				calls, lines = calls+1, lines+e.Lines
			}})
		if err != nil {
			t.Fatal(err)
		}
		for range 600 {
			cfg.Logger("").Info("m")
			<-time.After(time.Second)
		}
		if calls > 22 {
			t.Errorf("%d calls in ten minutes", calls)
		}
		if err := cfg.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if lines != 300 {
			t.Errorf("%d lines were told, 300 were lost", lines)
		}
	})
}

// A file that cannot be rotated, here because a folder has the name of the older
// one, loses nothing.
func TestLinesOfAFileThatCannotBeRotatedAreNotCalledLost(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "app.log.1", "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	var told []error
	doc := fmt.Sprintf("version: 1\nhandlers: {out: {class: rotating_file, filename: '%s/app.log', maxBytes: 10, backupCount: 1}}\nroot: {level: INFO, handlers: [out]}\n", dir)
	cfg, err := logconfig.Read(strings.NewReader(doc), &logconfig.Options{OnError: func(err error) { told = append(told, err) }})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		cfg.Logger("").Info("m")
	}
	if err := cfg.Close(t.Context()); err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "app.log"))
	if n := strings.Count(string(text), "\n"); err != nil || n != 3 {
		t.Errorf("%d lines, %v", n, err)
	}
	if len(told) != 1 {
		t.Fatalf("%v", told)
	}
	if e, ok := errors.AsType[*logconfig.WriteError](told[0]); !ok || e.Lines != 0 || !strings.Contains(e.Error(), "lines go on") {
		t.Errorf("%v", told[0])
	}
}

// A handler that fails, whatever the way, does not keep records from the others.
func TestHandlersThatFailDoNotHurtOthers(t *testing.T) {
	var mu sync.Mutex
	out, told := &screen{}, map[string]error{}
	cfg, err := logconfig.Read(strings.NewReader(`
version: 1
handlers:
  a_panics: {class: logging.StreamHandler, stream: ext://sys.stdout}
  b_gone: {class: logging.handlers.SysLogHandler, address: /nowhere/dev/log}
  c_gone: {class: logging.FileHandler, filename: '`+filepath.ToSlash(t.TempDir())+`/no/folder.log', delay: true}
  d_works: {class: logging.StreamHandler}
root: {level: INFO, handlers: [a_panics, b_gone, c_gone, d_works]}
`), &logconfig.Options{Stdout: panicking{}, Stderr: out, OnError: func(err error) {
		e, _ := errors.AsType[*logconfig.WriteError](err)
		mu.Lock()
		defer mu.Unlock()
		told[e.Handler] = e.Err
	}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		cfg.Logger("").Info("m")
	}
	if got := out.take(); got != "m\nm\n" {
		t.Errorf("%q", got)
	}
	if len(told) != 3 || !strings.Contains(fmt.Sprint(told["a_panics"]), "!PANIC: no") {
		t.Errorf("%v", told)
	}
	if err := cfg.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

type panicking struct{}

func (panicking) Write([]byte) (int, error) { panic("no") }
