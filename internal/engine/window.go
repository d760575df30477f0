package engine

import "time"

// A window is how many requests may be in flight. It feels its way, as TCP
// does: it grows by one for each round of answers in which it was used up, and
// halves when the service throttles. A round is as many answers as the window
// is wide, so that one throttled round counts once.
//
// Growing also stops while the answers of a round take much longer than usual:
// more requests would only wait in a longer line.
type window struct {
	most int
	size int

	answers int           // of this round
	used    bool          // the window was used up in this round
	round   time.Duration // how long the answers of this round took, together
	usual   time.Duration // mean of the answers, older ones slowly forgotten
	seen    int           // answers in usual, up to memory
	deaf    int           // answers to come that were under way when it halved
}

const (
	// slowdown is how many times longer than usual a round may take for the
	// window to grow.
	slowdown = 4
	// memory is how many answers make what is usual.
	memory = 64
)

func newWindow(most int) window { return window{most: most, size: min(2, most)} }

// room reports whether one more request may be sent beside those in flight.
func (w *window) room(flying int) bool {
	if flying >= w.size {
		w.used = true
		return false
	}
	return true
}

// answered notes a successful answer and how long it took.
func (w *window) answered(took time.Duration) {
	w.deaf = max(0, w.deaf-1)
	w.seen = min(w.seen+1, memory)
	w.usual += (took - w.usual) / time.Duration(w.seen)
	w.round += took
	if w.answers++; w.answers < w.size {
		return
	}
	if w.used && w.round/time.Duration(w.answers) <= slowdown*w.usual {
		w.size = min(w.size+1, w.most)
	}
	w.answers, w.used, w.round = 0, false, 0
}

// throttled halves the window. The refusals of other requests that were under
// way by then say nothing new.
func (w *window) throttled(flying int) {
	if w.deaf > 0 {
		w.deaf--
		return
	}
	w.size = max(1, w.size/2)
	w.deaf = flying
	w.answers, w.used, w.round = 0, false, 0
}

// collapsed begins anew after a failure that was no throttling.
func (w *window) collapsed() {
	w.size, w.answers, w.used, w.round, w.deaf = 1, 0, false, 0, 0
}
