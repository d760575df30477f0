package store

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const (
	childWorkers = 4
	childEvents  = 3 // of a put
)

// child appends until it is killed and prints the id of each put that Append
// has accepted. Puts differ in size, so that some are merged.
func child(dir string) {
	s, err := Open(Options{Dir: dir})
	if err != nil {
		fmt.Println("open:", err)
		return
	}
	s.CreateGroup(Group{GroupKey: testGroup})
	var workers sync.WaitGroup
	for w := range childWorkers {
		workers.Go(func() {
			stream := fmt.Sprint("worker", w%2)
			s.CreateStream(testGroup, stream, 1)
			for n := 0; ; n++ {
				id := fmt.Sprintf("%d-%d-%d", os.Getpid(), w, n)
				if err := childPut(s, stream, id, n); err != nil {
					fmt.Println("append:", err)
					return
				}
				fmt.Println("ack", id) // a single write(2)
			}
		})
	}
	workers.Wait()
}

func childPut(s *Store, stream, id string, n int) error {
	events := make([]Event, childEvents)
	for i := range events {
		events[i] = Event{Time: int64(n / 3), Message: []byte(id + " ")}
		if n%10 == 0 {
			events[i].Message = append(events[i].Message, strings.Repeat(id, 5000)...)
		}
	}
	// Deletions make the file reuse pages.
	if n%50 == 49 {
		s.CreateStream(testGroup, "scratch"+id, 1)
		s.Append(testGroup, "scratch"+id, 1, []Event{{Message: make([]byte, 20_000)}})
		s.DeleteStream(testGroup, "scratch"+id)
	}
	return s.Append(testGroup, stream, 1, events)
}

// TestKilledProcessKeepsAnsweredPuts is the promise of Append: every put that
// was acknowledged is there after a kill -9, whole and once, and the store opens.
func TestKilledProcessKeepsAnsweredPuts(t *testing.T) {
	dir := t.TempDir()
	var acked []string
	for round := range 20 {
		// The first is killed as it creates the file, or soon after.
		acked = append(acked, killChild(t, dir, round*rand.IntN(25))...)
	}
	s, err := Open(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	stored := map[string]int{}
	for name := range s.Streams(testGroup, "") {
		events, _, err := s.Read(testGroup, name.Name, Range{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			id, _, _ := strings.Cut(string(e.Message), " ")
			stored[id]++
		}
	}
	for _, id := range acked {
		if stored[id] == 0 {
			t.Errorf("put %s was answered and is lost", id)
		}
	}
	for id, n := range stored {
		if id != "" && n != childEvents && !strings.HasPrefix(id, "\x00") {
			t.Errorf("put %s has %d events, want %d", id, n, childEvents)
		}
	}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
	t.Logf("%d puts answered, %d stored", len(acked), len(stored))
}

// killChild runs a child, kills it after so many answers, and returns all
// that it gave.
func killChild(t *testing.T, dir string, answers int) (acked []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal("start " + strconv.Quote(os.Args[0]) + ": " + err.Error())
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	if answers == 0 {
		cmd.Process.Kill()
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		id, ok := strings.CutPrefix(lines.Text(), "ack ")
		if !ok {
			t.Fatal("the child says: ", lines.Text())
		}
		if acked = append(acked, id); len(acked) == answers {
			cmd.Process.Kill()
		}
	}
	return acked
}
