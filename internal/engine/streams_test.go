package engine

import (
	"fmt"
	"testing"
	"time"
)

func TestOverflowTakesNoPlaceOfAStream(t *testing.T) {
	m := newStreams(3)
	find := func(name string) *stream {
		s, _ := m.find(name)
		s.unsettled = []*send{nil} // busy
		return s
	}
	for i := range 3 {
		find(fmt.Sprint("s", i))
	}
	if s := find("s3"); s.name != overflow {
		t.Fatalf("a fourth stream %q was opened", s.name)
	}
	m.forget(m.byName["s0"])
	if s := find("s4"); s.name != "s4" {
		t.Errorf("the third stream's events go to %q", s.name)
	}
	if s := find("s5"); s.name != overflow {
		t.Errorf("a fourth stream %q was opened", s.name)
	}
}

func TestAStreamWithoutEventsMakesWay(t *testing.T) {
	m := newStreams(2)
	now := time.Now()
	for i := range 2 {
		s, _ := m.find(fmt.Sprint("s", i))
		s.used, s.unsettled = now.Add(-time.Duration(i)), []*send{nil}
	}
	if s, tell := m.find("new"); s.name != overflow || !tell {
		t.Fatalf("%q, told %v", s.name, tell)
	}
	for _, s := range m.byName {
		s.unsettled = nil
	}
	m.settled()
	if s, _ := m.find("new"); s.name != "new" {
		t.Errorf("events of a new stream go to %q although all others are idle", s.name)
	}
	if m.byName["s1"] != nil || m.byName["s0"] == nil {
		t.Error("another stream than the one idle for longest made way")
	}
}

// BenchmarkOverflow is the cost of an event for a stream beyond the limit.
func BenchmarkOverflow(b *testing.B) {
	m := newStreams(1000)
	for i := range 1000 {
		s, _ := m.find(fmt.Sprint("s", i))
		s.unsettled = []*send{nil}
	}
	for b.Loop() {
		m.find("one too many")
	}
}
