package spool

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

func init() { children["append"] = appendForEver }

// appendForEver appends from several goroutines, and reads and acknowledges
// some of it, until it is killed. It prints what it did, a write(2) a line.
func appendForEver(dir string) {
	s, err := Open(Options{Dir: dir, SegmentBytes: 16 << 10, eager: rand.IntN(2) == 0, Report: func(err error) { fmt.Println("note", err) }})
	if err != nil {
		fmt.Println("fail", err)
		return
	}
	var callers sync.WaitGroup
	for w := range 3 {
		callers.Go(func() {
			for n := 0; ; n++ {
				text := fmt.Sprintf("%d-%d-%d-%s", os.Getpid(), w, n, strings.Repeat("x", n%500))
				if err := s.Append([]cwl.Event{event(text)}); err != nil {
					fmt.Println("fail", err)
					return
				}
				fmt.Println("append", text)
			}
		})
	}
	for {
		if _, _, err := s.Adopt(); err != nil {
			fmt.Println("fail", err)
		}
		var at []Position
		var texts []string
		s.Read(4000, func(e *cwl.Event, p Position, _ Mark) bool {
			if rand.IntN(2) == 0 {
				at, texts = append(at, p), append(texts, string(e.Fragment))
			}
			return true
		})
		if len(at) == 0 {
			continue
		}
		fmt.Println("acking", strings.Join(texts, " "))
		if err := s.Ack(at); err != nil {
			fmt.Println("fail", err)
		}
		fmt.Println("acked", strings.Join(texts, " "))
	}
}

// TestKilledProcessKeepsWhatItAppended is the first promise of the package,
// with real processes and a real kill -9.
func TestKilledProcessKeepsWhatItAppended(t *testing.T) {
	dir := t.TempDir()
	// What must be there, what may be, and what must not.
	const mustBe, may, mustNot = 1, 2, 3
	book := map[string]int{}
	for range 20 {
		p := start(t, "append", dir)
		for lines := rand.IntN(400); p.lines.Scan(); lines-- {
			verb, rest, _ := strings.Cut(p.lines.Text(), " ")
			switch verb {
			case "append":
				book[rest] = max(book[rest], mustBe) // it may be read before this is printed
			case "acking", "acked":
				for text := range strings.FieldsSeq(rest) {
					book[text] = map[string]int{"acking": may, "acked": mustNot}[verb]
				}
			case "fail":
				t.Error(rest)
			}
			if lines == 0 {
				p.Process.Kill()
			}
		}
		p.Wait()
	}
	s := open(t, Options{Dir: dir, Report: func(err error) { t.Log(err) }})
	adopt(t, s)
	g := readAllEvents(t, s)
	for _, text := range g.texts {
		text = strings.TrimSuffix(text, "|")
		if book[text] == mustNot {
			t.Errorf("%.40s comes again after it was acknowledged, or twice", text)
		}
		book[text] = mustNot
	}
	for text, state := range book {
		if state == mustBe {
			t.Errorf("%.40s was appended and is not there", text)
		}
	}
	if err := s.Ack(g.at); err != nil {
		t.Error(err)
	}
	t.Logf("%d events, %d left", len(book), len(g.texts))
	if len(book) < 1000 {
		t.Errorf("only %d events: the children did not get far", len(book))
	}
}
