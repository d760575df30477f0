package spool

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// A life is what happened to an event, in numbers of changes to the file
// system: a crash after that many comes before or after it.
type life struct {
	text            string
	record          int
	begun, done     int // Append
	acking, ackedBy int // Ack; 0 if there was none
	failed          bool
	at              Position
	read            bool
	sent            int // Read returned it for the first time, and might be delivered from then on
}

// A workload drives spools at random, one after another on one disk, and
// keeps the book.
type workload struct {
	t     *testing.T
	rnd   *rand.Rand
	disk  *crashFS
	sync  SyncPolicy
	eager bool // there are reserves
	spool *Spool
	lives []*life
	named map[string]*life
	books int // records
}

func (w *workload) now() int { return len(w.disk.log) }

func (w *workload) open() {
	recent := w.rnd.IntN(3) * partBytes // none, one segment, or two
	size := 300
	if w.eager {
		size = 1000
	}
	s, err := Open(Options{Dir: root, FS: w.disk, SegmentBytes: size, Sync: w.sync, Recent: recent, Report: func(err error) { w.t.Error(err) }, eager: w.eager})
	if err != nil {
		w.t.Fatal(err)
	}
	w.spool = s
	want := int64(0)
	for i, l := range w.lives {
		l.read = false
		if l.left() && (i == 0 || !w.leftBefore(i)) {
			want++
		}
	}
	if n := adopt(w.t, s); n != want {
		w.t.Errorf("%d records adopted, want %d", n, want)
	}
}

func (l *life) left() bool { return !l.failed && l.ackedBy == 0 }

// leftBefore reports whether an earlier event of the same record is left too.
func (w *workload) leftBefore(i int) bool {
	for j := i - 1; j >= 0 && w.lives[j].record == w.lives[i].record; j-- {
		if w.lives[j].left() {
			return true
		}
	}
	return false
}

func (w *workload) step() {
	switch w.rnd.IntN(12) {
	case 0, 1, 2, 3, 4:
		w.append()
	case 5, 6, 7:
		w.read()
	case 8, 9:
		w.ack()
	case 10:
		w.disk.room = w.rnd.IntN(200) // nearly full
		w.append()
		w.append()
		w.disk.room = 1 << 30
	case 11:
		w.close()
		w.open()
	}
}

// close ends a process in order. It knows of some events whether they were
// delivered.
func (w *workload) close() {
	var doubt []Position
	for _, l := range w.lives {
		if !l.read || l.acking > 0 {
			continue
		}
		if w.rnd.IntN(2) == 0 {
			doubt = append(doubt, l.at)
		} else {
			l.sent = 0 // nothing is promised of it
		}
	}
	w.spool.Doubt(doubt)
	if err := w.spool.Close(); err != nil {
		w.t.Error(err)
	}
}

func (w *workload) append() {
	var events []cwl.Event
	var lives []*life
	w.books++
	for range 1 + w.rnd.IntN(3)*w.rnd.IntN(2) {
		l := &life{text: fmt.Sprintf("%d.%0*d", len(w.lives), w.rnd.IntN(80), 0), record: w.books, begun: w.now()}
		events = append(events, event(l.text))
		lives = append(lives, l)
		w.lives = append(w.lives, l)
		w.named[l.text] = l
	}
	err := w.spool.Append(events)
	if err != nil && !errors.Is(err, ErrFull) {
		w.t.Error(err)
	}
	for _, l := range lives {
		l.done, l.failed = w.now(), err != nil
	}
}

func (w *workload) read() {
	var read []*life
	_, err := w.spool.Read(1+w.rnd.IntN(200), func(e *cwl.Event, at Position, _ Mark) bool {
		l := w.named[string(e.Fragment)]
		if l == nil || l.failed || l.read || l.ackedBy > 0 {
			w.t.Errorf("read %q: %+v", e.Fragment, l)
			return false
		}
		l.read, l.at = true, at
		read = append(read, l)
		return w.rnd.IntN(4) > 0
	})
	for _, l := range read {
		l.sent = cmp.Or(l.sent, w.now()+1)
	}
	if err != nil {
		w.t.Error(err)
	}
}

func (w *workload) ack() {
	var at []Position
	var acked []*life
	for _, l := range w.lives {
		if l.read && l.acking == 0 && w.rnd.IntN(3) > 0 {
			l.acking = w.now() + 1
			at, acked = append(at, l.at), append(acked, l)
		}
	}
	if err := w.spool.Ack(at); err != nil {
		w.t.Error(err)
	}
	for _, l := range acked {
		l.ackedBy = w.now() + 1
	}
}

// TestEveryCrashPointKeepsThePromises lets random workloads crash after each
// change to the disk, by kill -9 and by power loss, and recovers.
func TestEveryCrashPointKeepsThePromises(t *testing.T) {
	for _, policy := range []SyncPolicy{SyncNever, SyncAlways} {
		for seed := range uint64(8) {
			t.Run(fmt.Sprintf("sync=%d/seed=%d", policy, seed), func(t *testing.T) {
				rnd := rand.New(rand.NewPCG(seed, 7))
				w := &workload{t: t, rnd: rnd, disk: newCrashFS(), sync: policy, eager: seed%2 == 1, named: map[string]*life{}}
				w.open()
				for range 60 {
					w.step()
				}
				if want := w.eager && policy == SyncNever; (w.disk.stores > 10) != want {
					t.Errorf("%d records were stored in a reserve", w.disk.stores)
				}
				for n := range len(w.disk.log) + 1 {
					w.recover(n, w.disk.afterKill(n, rnd), promises{kept: true, settled: true})
					w.recover(n, w.disk.afterPowerLoss(n, rnd), promises{kept: policy == SyncAlways})
					if t.Failed() {
						t.Fatalf("crash after change %d", n)
					}
				}
			})
		}
	}
}

// promises are what a crash must not break: events that were appended are
// there; those that were acknowledged, or refused, are not. Nothing else, no
// other order, and only whole records hold in any case.
type promises struct{ kept, settled bool }

// recover reads what a crash after n changes left and compares it with the
// book.
func (w *workload) recover(n int, left *crashFS, p promises) {
	s, err := Open(Options{Dir: root, FS: left, SegmentBytes: 300, Report: func(error) {}})
	if err != nil {
		w.t.Fatal(err)
	}
	records := adopt(w.t, s)
	g := readAllEvents(w.t, s)
	seen := map[*life]bool{}
	last := -1
	for _, text := range g.texts {
		if text[len(text)-1] == '|' {
			records--
			text = text[:len(text)-1]
		}
		l := w.named[text]
		switch {
		case l == nil:
			w.t.Fatalf("event %q was never appended", text)
		case l.begun > n:
			w.t.Errorf("event %q was appended after the crash", text)
		case p.settled && l.failed && l.done <= n:
			w.t.Errorf("event %q was refused", text)
		case p.settled && l.ackedBy > 0 && l.ackedBy <= n+1:
			w.t.Errorf("event %q was acknowledged", text)
		case l.record < last:
			w.t.Errorf("event %q comes after a later one", text)
		case seen[l]:
			w.t.Errorf("event %q comes twice", text)
		}
		seen[l], last = true, l.record
	}
	if records != 0 {
		w.t.Errorf("count of adopted records is off by %d", records)
	}
	for i, text := range g.texts {
		l := w.named[strings.TrimSuffix(text, "|")]
		if p.settled && l.sent > 0 && l.sent <= n+1 && s.MayRepeat(g.at[i:i+1]) == 0 {
			w.t.Errorf("event %q may have been delivered, and nothing says so", text)
		}
	}
	for _, l := range w.lives {
		if p.kept && l.done <= n && !l.failed && !seen[l] && (l.acking == 0 || l.acking > n+1) {
			w.t.Errorf("event %q is lost: %+v", l.text, *l)
		}
	}
	w.wantWhole(n, seen)
	if err := s.Ack(g.at); err != nil {
		w.t.Error(err)
	}
	if err := s.Close(); err != nil {
		w.t.Error(err)
	}
	if names, _ := left.ReadDir(root); len(names) > 0 {
		w.t.Errorf("left behind: %q", names)
	}
}

// wantWhole checks that no part of a record is missing, unless it may have been
// acknowledged.
func (w *workload) wantWhole(n int, seen map[*life]bool) {
	some := map[int]bool{}
	for l := range seen {
		some[l.record] = true
	}
	for _, l := range w.lives {
		if some[l.record] && !seen[l] && (l.acking == 0 || l.acking > n+1) {
			w.t.Errorf("event %q is missing from its record", l.text)
		}
	}
}
