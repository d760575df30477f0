//go:build linux || darwin

package spool

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

func init() { children["limit"] = appendToTheLimit }

// appendToTheLimit appends until the process may write no further, then raises
// the limit and goes on.
func appendToTheLimit(dir string) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		fmt.Println("fail", err)
	}
	before := limit.Cur
	limit.Cur = 10_001
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		fmt.Println("fail", err)
	}
	s, err := Open(Options{Dir: dir, Report: func(err error) { fmt.Println("fail", err) }})
	if err != nil {
		fmt.Println("fail", err)
		return
	}
	add := func(text string) error {
		err := s.Append([]cwl.Event{event(text)})
		if err == nil {
			fmt.Println("append", text)
		}
		return err
	}
	n := 0
	for err == nil {
		err = add(fmt.Sprint("before-", n, strings.Repeat("x", n%100)))
		n++
	}
	if !errors.Is(err, ErrFull) || !errors.Is(err, syscall.EFBIG) {
		fmt.Println("fail: error is", err)
	}
	limit.Cur = before
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		fmt.Println("fail", err)
	}
	if err := add("after"); err != nil {
		fmt.Println("fail", err)
	}
}

func TestSpoolStaysWholeAtTheFileSizeLimit(t *testing.T) {
	dir := t.TempDir()
	p := start(t, "limit", dir)
	var want []string
	for p.lines.Scan() {
		text, ok := strings.CutPrefix(p.lines.Text(), "append ")
		if !ok {
			t.Error(p.lines.Text())
		}
		want = append(want, text+"|")
	}
	p.Wait()
	s := open(t, Options{Dir: dir}) // and nothing is damaged
	adopt(t, s)
	wantTexts(t, readAllEvents(t, s).texts, want...)
	if len(want) < 50 {
		t.Errorf("%d events only", len(want))
	}
}
