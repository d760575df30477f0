package engine

import (
	"testing"
	"time"
)

// round answers one window full of requests, each in the same time.
func round(w *window, took time.Duration) {
	n := w.size
	w.room(n)
	for range n {
		w.answered(took)
	}
}

func TestWindowGrowsByOneARoundWhileItIsUsedUp(t *testing.T) {
	w := newWindow(5)
	for _, want := range []int{3, 4, 5, 5} {
		if round(&w, 50*time.Millisecond); w.size != want {
			t.Fatalf("size %d, want %d", w.size, want)
		}
	}
	idle := newWindow(5)
	for range 20 {
		idle.answered(50 * time.Millisecond)
	}
	if idle.size != 2 {
		t.Errorf("a window that was never used up grew to %d", idle.size)
	}
}

func TestWindowHalvesOnceForARoundOfThrottling(t *testing.T) {
	w := newWindow(16)
	for w.size < 16 {
		round(&w, time.Millisecond)
	}
	flying := 15
	for range 16 { // all that were under way are refused
		w.throttled(flying)
		flying = max(0, flying-1)
	}
	if w.size != 8 {
		t.Errorf("size %d after one round of throttling, want 8", w.size)
	}
	for range 10 {
		w.throttled(0)
	}
	if w.size != 1 {
		t.Errorf("size %d after more of it, want 1", w.size)
	}
}

func TestWindowStopsGrowingWhenAnswersTakeLonger(t *testing.T) {
	w := newWindow(64)
	for range 8 {
		round(&w, 10*time.Millisecond)
	}
	before := w.size
	round(&w, 200*time.Millisecond)
	if w.size != before {
		t.Errorf("size %d after a slow round, %d before", w.size, before)
	}
}

func TestWindowGrowsWhereAnswersVary(t *testing.T) {
	w := newWindow(8)
	for i := range 40 {
		w.room(w.size)
		w.answered(time.Duration(1+i*37%100) * time.Millisecond)
	}
	if w.size != 8 {
		t.Errorf("size %d, want 8", w.size)
	}
}
