package spool

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// A bystander knows what was appended, and checks each event that comes back.
type bystander struct {
	t    *testing.T
	s    *Spool
	rnd  *rand.Rand
	due  map[string]bool // not read, or left and to be read again
	left map[string]bool // records that are left
	at   []Position      // read and not acknowledged
	n    int
}

func text(record, i, length int) string {
	head := fmt.Sprintf("%d.%d.", record, i)
	return head + strings.Repeat(head, length/len(head))
}

func (b *bystander) append() {
	b.n++
	events := make([]cwl.Event, 1+b.rnd.IntN(3))
	length := b.rnd.IntN(2000)
	if b.rnd.IntN(10) == 0 {
		length = b.rnd.IntN(2 * partBytes)
	}
	for i := range events {
		events[i] = event(text(b.n, i, length))
		b.due[string(events[i].Fragment)] = true
	}
	add(b.t, b.s, events...)
}

// read reads some; of those some records are left for later.
func (b *bystander) read() {
	stop := b.rnd.IntN(100)
	if _, err := b.s.Read(b.rnd.IntN(3*partBytes), func(e *cwl.Event, at Position, m Mark) bool {
		got := string(e.Fragment)
		var record, i int
		if _, err := fmt.Sscanf(got, "%d.%d.", &record, &i); err != nil || !b.due[got] {
			b.t.Errorf("%.20q comes, which is not due (%v)", got, err)
		}
		key := fmt.Sprint(record)
		if i == 0 && b.rnd.IntN(8) == 0 {
			b.left[key] = true
		}
		if b.left[key] {
			b.s.Leave(at)
			if m.Last() {
				delete(b.left, key)
			}
		} else {
			delete(b.due, got)
			b.at = append(b.at, at)
		}
		stop--
		return stop > 0
	}); err != nil {
		b.t.Error(err)
	}
}

func (b *bystander) ack() {
	b.rnd.Shuffle(len(b.at), func(i, j int) { b.at[i], b.at[j] = b.at[j], b.at[i] })
	k := b.rnd.IntN(len(b.at) + 1)
	if err := b.s.Ack(b.at[:k]); err != nil {
		b.t.Error(err)
	}
	b.at = b.at[k:]
}

// What is read out of memory that is used over and over, and out of files between
// that, is what was written, and all of it.
func TestWhatIsReadIsWhatWasWrittenWhereverItComesFrom(t *testing.T) {
	for seed := range uint64(24) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		o := Options{Dir: t.TempDir(), Recent: rnd.IntN(6) * partBytes, SegmentBytes: 1 << (10 + rnd.IntN(9)), eager: seed%2 == 0}
		b := &bystander{t: t, s: open(t, o), rnd: rnd, due: map[string]bool{}, left: map[string]bool{}}
		for range 400 {
			switch rnd.IntN(8) {
			case 0, 1, 2, 3:
				b.append()
			case 4, 5:
				b.read()
			case 6:
				b.ack()
			case 7:
				b.s.ReadAgain()
			}
		}
		for range 10_000 {
			if len(b.due) == 0 {
				break
			}
			b.s.ReadAgain()
			b.read()
		}
		if err := b.s.Ack(b.at); err != nil {
			t.Error(err)
		}
		if left := b.s.Backlog(); len(b.due) > 0 || left.Unread != 0 || left.Events != 0 {
			t.Errorf("seed %d: %d events do not come, %+v", seed, len(b.due), left)
		}
		if t.Failed() {
			return
		}
	}
}
