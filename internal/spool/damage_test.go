package spool

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// leftSegment leaves a folder with one segment and returns its path and bytes.
func leftSegment(t testing.TB, dir string, texts ...string) (string, []byte) {
	t.Helper()
	leave(t, dir, texts...)
	paths, err := filepath.Glob(filepath.Join(dir, "*", "*"+segmentEnding))
	if err != nil || len(paths) != 1 {
		t.Fatal(paths, err)
	}
	b, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	return paths[0], b
}

func TestDamageCostsWhatItHitAndIsToldExactly(t *testing.T) {
	texts := []string{"a", "b", "c", "d"}
	// A frame of such an event: head, time, level, size, two lengths, "app",
	// a letter.
	const frame = frameHead + 6 + 1 + 1 + 1 + 3 + 1 + 1
	at := func(n int) int { return headerBytes + n*frame }
	flip := func(i int) func([]byte) []byte {
		return func(b []byte) []byte { b[i] ^= 0x10; return b }
	}
	cases := []struct {
		name   string
		damage func([]byte) []byte
		want   []string
		told   DamageError
	}{
		{"header", flip(3), texts, DamageError{Bytes: headerBytes, What: "the header does not match its checksum"}},
		{"marker", flip(at(1)), []string{"a", "c", "d"}, DamageError{Offset: int64(at(1)), Bytes: frame, Events: 1, What: "no frame begins here"}},
		{"checksum", flip(at(1) + 4), []string{"a", "c", "d"}, DamageError{Offset: int64(at(1)), Bytes: frame, Events: 1, What: "a frame does not match its checksum"}},
		{"length", flip(at(1) + 11), []string{"a", "c", "d"}, DamageError{Offset: int64(at(1)), Bytes: frame, Events: 1, What: "a frame is cut off"}},
		{"number", flip(at(1) + 13), []string{"a", "c", "d"}, DamageError{Offset: int64(at(1)), Bytes: frame, Events: 1, What: "a frame's head is damaged"}},
		{"two events", func(b []byte) []byte { return flip(at(1) + 30)(flip(at(2) + 30)(b)) }, []string{"a", "d"}, DamageError{Offset: int64(at(1)), Bytes: 2 * frame, Events: 2, What: "a frame does not match its checksum"}},
		{"bytes missing", func(b []byte) []byte { return append(b[:at(1)+5:at(1)+5], b[at(1)+6:]...) }, []string{"a", "c", "d"}, DamageError{Offset: int64(at(1)), Bytes: frame - 1, Events: 1, What: "a frame is cut off"}},
		{"a frame missing", func(b []byte) []byte { return append(b[:at(1):at(1)], b[at(2):]...) }, []string{"a", "c", "d"}, DamageError{}},
		{"last frame", flip(at(4) - 1), []string{"a", "b", "c"}, DamageError{Offset: int64(at(3)), Bytes: frame, Tail: true, What: "a frame does not match its checksum"}},
		{"cut", func(b []byte) []byte { return b[:at(4)-1] }, []string{"a", "b", "c"}, DamageError{Offset: int64(at(3)), Bytes: frame - 1, Tail: true, What: "a frame is cut off"}},
		{"a byte and zeros at the end", func(b []byte) []byte { return append(append(b, 1), make([]byte, 99)...) }, texts, DamageError{Offset: int64(at(4)), Bytes: 100, Tail: true, What: "no frame begins here"}},
		{"a copy at the end", func(b []byte) []byte { return append(b, b[at(0):]...) }, texts, DamageError{Offset: int64(at(4)), Bytes: 4 * frame, Tail: true, What: "a frame's head is damaged"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path, b := leftSegment(t, dir, texts...)
			if err := os.WriteFile(path, c.damage(b), 0o600); err != nil {
				t.Fatal(err)
			}
			var told []error
			s := open(t, Options{Dir: dir, Report: func(err error) { told = append(told, err) }})
			if n := adopt(t, s); n != int64(len(c.want)) {
				t.Errorf("%d records adopted, want %d", n, len(c.want))
			}
			if c.told != (DamageError{}) {
				c.told.Path = path
				if len(told) != 1 || *told[0].(*DamageError) != c.told {
					t.Errorf("reported %+v\nwant %+v", told, &c.told)
				}
			}
			want := strings.Split(strings.Join(c.want, "|,")+"|", ",")
			wantTexts(t, readAllEvents(t, s).texts, want...)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if !c.told.Tail {
				return
			}
			open(t, Options{Dir: dir}).Adopt() // the tail was cut: nothing to report
		})
	}
}

func TestDamageUnderAnOpenSpoolIsCountedInRecords(t *testing.T) {
	dir := t.TempDir()
	var told []error
	s := open(t, Options{Dir: dir, Report: func(err error) { told = append(told, err) }})
	add(t, s, record("a", 1)...)
	add(t, s, record("b", 2)...)
	add(t, s, record("c", 1)...)
	paths, _ := filepath.Glob(filepath.Join(s.Path(), "*"+segmentEnding))
	b, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	i := strings.Index(string(b), "b.1")
	b[i] ^= 1
	if err := os.WriteFile(paths[0], b, 0o600); err != nil {
		t.Fatal(err)
	}
	wantTexts(t, readAllEvents(t, s).texts, "a.0|", "c.0|")
	var d *DamageError
	if len(told) != 1 || !errors.As(told[0], &d) || d.Events != 2 || d.Records != 1 {
		t.Errorf("reported %v, want 2 events of 1 record lost", told)
	}
	if b := s.Backlog(); b.Records != 2 || b.Events != 2 || b.Unread != 0 {
		t.Errorf("backlog %+v", b)
	}
}

func TestDamagedAcknowledgementBringsItsEventsBack(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	for _, text := range []string{"a", "b", "c", "d"} {
		add(t, s, event(text))
	}
	g := readAllEvents(t, s)
	for _, p := range g.at[:3] {
		if err := s.Ack([]Position{p}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	paths, _ := filepath.Glob(filepath.Join(dir, "*", "*"+ackEnding))
	b, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	b[2*ackBytes] ^= 1     // the first says what was read
	b = append(b, 1, 2, 3) // torn: no damage
	if err := os.WriteFile(paths[0], b, 0o600); err != nil {
		t.Fatal(err)
	}
	var told []error
	next := open(t, Options{Dir: dir, Report: func(err error) { told = append(told, err) }})
	adopt(t, next)
	wantTexts(t, readAllEvents(t, next).texts, "b|", "d|")
	var d *DamageError
	if len(told) != 1 || !errors.As(told[0], &d) || d.Offset != 2*ackBytes || d.Bytes != ackBytes {
		t.Errorf("reported %v", told)
	}
}

// Logged text, a spool file even, cannot pass for a frame.
func TestFrameInsideAnEventIsNotRead(t *testing.T) {
	dir := t.TempDir()
	_, b := leftSegment(t, dir, "forged")
	path, _ := leftSegment(t, t.TempDir(), "a", string(b), "c")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// The event's frame is damaged, the one inside is whole.
	whole[strings.LastIndex(string(whole), magic)] ^= 1
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, Options{Dir: filepath.Dir(filepath.Dir(path)), Report: func(error) {}})
	adopt(t, s)
	wantTexts(t, readAllEvents(t, s).texts, "a|", "c|")
}

// mutate changes a segment as the bytes of a script say.
func mutate(b []byte, script []byte) (mutated []byte, first int) {
	mutated, first = append([]byte{}, b...), len(b)
	for len(script) >= 4 && len(mutated) > 0 {
		at := (int(script[1])<<8 | int(script[2])) % len(mutated)
		n := min(int(script[3]), len(mutated)-at)
		first = min(first, at)
		switch script[0] % 5 {
		case 0:
			mutated[at] ^= script[3] | 1
		case 1:
			mutated = mutated[:at]
		case 2:
			mutated = append(mutated[:at:at], mutated[at+n:]...)
		case 3:
			mutated = append(mutated[:at+n:at+n], mutated[at:]...) // n bytes twice
		case 4:
			clear(mutated[at : at+n])
		}
		script = script[4:]
	}
	return mutated, first
}

// FuzzSegmentReader damages a segment and reads it: nothing is invented,
// nothing that stands before the damage is lost, and all comes in order. With an
// odd seed it is a segment of our own records, which are not counted.
func FuzzSegmentReader(f *testing.F) {
	f.Add(uint64(1), []byte{})
	for op := range byte(5) {
		f.Add(uint64(op), []byte{op, 0, 200, 40})
		f.Add(uint64(op), []byte{op, 0, 2, 9, 3, 0, 90, 60})
		f.Add(uint64(op), []byte{op, 1, 77, 255, op, 0, 99, 1})
	}
	f.Fuzz(func(t *testing.T, seed uint64, script []byte) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		fsys := newCrashFS()
		s, err := Open(Options{Dir: root, FS: fsys})
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		var ends []int // of the frame of each
		var own []cwl.Event
		for i := range 1 + rnd.IntN(12) {
			parts := 1 + rnd.IntN(2)*rnd.IntN(4)
			events := record(fmt.Sprint(i, strings.Repeat("y", rnd.IntN(60))), parts)
			end := 0
			if own = append(own, events...); seed%2 == 0 {
				add(t, s, events...)
				end = int(s.active.size)
			}
			for p := range parts {
				text := fmt.Sprintf("%d%%.%d", i, p)
				texts, ends = append(texts, text), append(ends, end)
			}
		}
		if seed%2 == 1 {
			ends = addOwn(t, s, own)
		}
		path := s.segments[0].path()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		file := fsys.state[path]
		var first int
		file.data, first = mutate(file.data, script)
		g := checkRead(t, fsys, texts, ends, first)
		if seed%2 == 0 && g.own > 0 || seed%2 == 1 && first >= headerBytes && g.own < len(g.texts) {
			t.Errorf("%d of %d events are our own", g.own, len(g.texts))
		}
	})
}

// addOwn appends records of our own, and returns where the frame of each ends.
func addOwn(t *testing.T, s *Spool, events []cwl.Event) (ends []int) {
	if err := s.AppendOwn(events); err != nil {
		t.Fatal(err)
	}
	end := headerBytes
	for i := range events {
		end += len(appendFrame(nil, events[i:i+1]))
		ends = append(ends, end)
	}
	return ends
}

// checkRead reads a damaged spool. Of texts, which are numbered, those that end
// before the first damaged byte must come, and of the others none twice.
func checkRead(t *testing.T, fsys *crashFS, texts []string, ends []int, first int) got {
	s, err := Open(Options{Dir: root, FS: fsys, Report: func(error) {}})
	if err != nil {
		t.Fatal(err)
	}
	records := adopt(t, s)
	g := readAllEvents(t, s)
	next := 0
	for _, text := range g.texts {
		if strings.HasSuffix(text, "|") && g.own == 0 {
			records--
		}
		key := strings.ReplaceAll(strings.TrimSuffix(text, "|"), "y", "")
		key = strings.Replace(key, ".", "%.", 1)
		for next < len(texts) && texts[next] != key {
			if ends[next] <= first {
				t.Errorf("%s is lost and stood before the damage", texts[next])
			}
			next++
		}
		if next == len(texts) {
			t.Fatalf("%s was never written, or comes twice or late", text)
		}
		next++
	}
	for ; next < len(texts); next++ {
		if ends[next] <= first {
			t.Errorf("%s is lost and stood before the damage", texts[next])
		}
	}
	if records != 0 {
		t.Errorf("count of records is off by %d", records)
	}
	if err := errors.Join(s.Ack(g.at), s.Close()); err != nil {
		t.Error(err)
	}
	return g
}

// FuzzFrame reads bytes that a checksum has vouched for and that are wrong all
// the same, and acknowledgements.
func FuzzFrame(f *testing.F) {
	f.Add(appendFrame(nil, record("a", 3))[frameHead:], uint32(3))
	f.Add([]byte{0xff, 0xff}, uint32(1))
	f.Add([]byte{0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}, uint32(1))
	f.Add(run{3, 1 << 31}.append(nil, 0), uint32(1))
	mark := run{first: 3}.append(run{1, 2}.append(nil, 9), 9)
	f.Add(mark, uint32(9))
	f.Add(run{first: 1}.append(mark, 9), uint32(9))
	f.Add(append(mark, mark[:7]...), uint32(9))
	f.Add(run{first: 1 << 31}.append(nil, 9), uint32(9))
	f.Fuzz(func(t *testing.T, b []byte, events uint32) {
		if wellFormed(b, events%1024) && len(b) < int(events%1024)*minEvent {
			t.Error("an event of less than five bytes")
		}
		a := acks{marker: events, most: 200}
		a.parse(b, 0)
		if len(a.acked) > 200/64+1 || a.sent > 200 || a.end > int64(len(b)) {
			t.Errorf("of a segment with at most 200 events %d are settled, %d were read; the last entry ends at %d", len(a.acked)*64, a.sent, a.end)
		}
	})
}
