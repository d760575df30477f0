package spool

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// What was left comes once more, before what was never read; what is settled, or
// still out, does not. It may be left time and again.
func TestWhatIsLeftIsReadAgainInItsPlace(t *testing.T) {
	s := open(t, Options{Dir: root, FS: newCrashFS(), SegmentBytes: 200})
	streams := func(leave func(i int) bool) (read []string, settled []Position) {
		_, err := s.Read(1<<20, func(e *cwl.Event, at Position, _ Mark) bool {
			var i int
			fmt.Sscanf(e.Stream, "%d", &i)
			if read = append(read, e.Stream); leave(i) {
				s.Leave(at)
			} else if i%3 != 0 { // the others stay out
				settled = append(settled, at)
			}
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
		return read, settled
	}
	log := func(from, to int) {
		for i := from; i < to; i++ {
			e := event("x")
			e.Stream = fmt.Sprint(i)
			add(t, s, e)
		}
	}
	log(0, 8)
	_, settled := streams(func(i int) bool { return i%2 == 1 })
	if err := s.Ack(settled); err != nil {
		t.Fatal(err)
	}
	log(8, 10)
	for _, turn := range []struct {
		want  []string
		leave int
	}{
		{[]string{"1", "3", "5", "7", "8", "9"}, 5},
		{[]string{"5"}, 5},
		{[]string{"5"}, -1},
		{nil, -1},
	} {
		if !s.ReadAgain() {
			t.Fatal("no record is read in part")
		}
		if n := s.Backlog().Unread; n != int64(len(turn.want)) {
			t.Errorf("%d events to read, want %d", n, len(turn.want))
		}
		got, settled := streams(func(i int) bool { return i == turn.leave })
		if diff := cmp.Diff(turn.want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if err := s.Ack(settled); err != nil {
			t.Fatal(err)
		}
	}
}
