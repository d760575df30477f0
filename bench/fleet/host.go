package main

import "math"

// A batch is sealed: its records don't change any more.
type batch struct {
	segment
	tries int
}

// A request is one send under way: a put and the creations that it needs. The
// number of requests is the policy's window.
type request struct {
	busy     bool
	op       op // that is being asked
	verdict  verdict
	batch    batch
	failures int // the host's at the time of the launch
	creates  int // tries of this creation
	pausing  bool
}

// A host is one process with the library in it.
type host struct {
	id     int32
	origin float64 // when its first interval began
	buffer buffer

	sealed  []batch // wait to be sent, oldest first
	flying  int
	flights []request
	wide    int // the window, if it feels its way
	rounds  int // answers since it changed

	failures int     // in a row
	until    float64 // no send before
	throttle bool    // the last failure was one
	owed     float64 // when the attempts that were brought forward are paid back
	last     float64 // wait between attempts
	interval float64 // at the moment
	born     float64 // of the oldest record that is not sealed
	sealedAt float64 // when the last batch was
	early    float64 // part of the interval that the oldest record does without

	wakeAt float64 // the timer
}

// turn is what the owner of a host does whenever something happened.
func (s *sim) turn(h *host) {
	h.buffer.fill(s.now)
	s.begin(h)
	s.hasten(h)
	if !s.policy.Late {
		for s.due(h) {
			s.seal(h)
		}
	}
	s.dispatch(h)
	s.begin(h)
	s.arm(h)
}

// begin draws the interval of the records that are to be sealed next.
func (s *sim) begin(h *host) {
	if len(h.buffer.runs) == 0 || h.buffer.runs[0].from == h.born {
		return
	}
	h.born = h.buffer.runs[0].from
	h.early = s.rand.Float64() * s.policy.Spread
	if h.interval > s.policy.Interval {
		wait := h.interval * (1 - s.policy.Loose*s.rand.Float64())
		h.early = 1 - max(wait, s.policy.Interval)/h.interval
	}
	if s.policy.Phase && h.born-h.sealedAt > h.interval {
		h.early = s.rand.Float64()
	}
}

// due reports whether a batch should be sealed.
func (s *sim) due(h *host) bool {
	return h.buffer.full() || len(h.buffer.runs) > 0 && s.deadline(h) <= s.now
}

// deadline is when the oldest record must leave.
func (s *sim) deadline(h *host) float64 {
	born := h.buffer.runs[0].from
	if s.policy.Ticks {
		return h.origin + math.Ceil((born-h.origin)/h.interval)*h.interval
	}
	return born + h.interval*(1-h.early)
}

// seal seals a batch of the oldest records.
func (s *sim) seal(h *host) {
	h.sealed = append(h.sealed, batch{segment: h.buffer.cut(s.now, s.gap())})
	h.sealedAt = s.now
	s.begin(h)
}

// gap draws how long it takes until the next record.
func (s *sim) gap() float64 { return s.rand.ExpFloat64() / s.load }

// dispatch sends what may be sent.
func (s *sim) dispatch(h *host) {
	if h.failures > 0 && s.now < h.until {
		return
	}
	for h.flying < s.window(h) {
		if len(h.sealed) == 0 {
			if !s.policy.Late || !s.due(h) {
				return
			}
			s.seal(h)
		}
		b := h.sealed[0]
		h.sealed = h.sealed[1:]
		s.launch(h, b)
	}
}

// hasten brings the next attempt forward for a host that drops records.
func (s *sim) hasten(h *host) {
	if !s.hastens(h) || h.buffer.held < queueRecords {
		return
	}
	begin, span := s.now+0.5, 0.5
	if due := h.owed - (s.policy.Burst-1)*s.policy.Every; due > s.now {
		begin, span = due, s.policy.Every/2
	}
	if h.until > begin+span {
		h.owed = max(h.owed, s.now) + s.policy.Every
		h.until = begin + s.rand.Float64()*span
	}
}

// hastens reports whether the host would, were its memory full.
func (s *sim) hastens(h *host) bool {
	return s.policy.Burst > 0 && h.failures > 0 && !h.throttle && h.until > s.now+1
}

// window is how many requests may be in flight.
func (s *sim) window(h *host) int {
	if h.failures > 0 {
		return 1 // one send finds out whether the service is back
	}
	if s.policy.Feel {
		return h.wide
	}
	return s.policy.Window
}

// launch sends a batch.
func (s *sim) launch(h *host, b batch) {
	h.flying++
	for i := range h.flights {
		if r := &h.flights[i]; !r.busy {
			*r = request{busy: true, batch: b, failures: h.failures}
			s.ask(h, i, putEvents)
			return
		}
	}
	panic("no slot")
}

// answered takes an answer, or the end of a pause between two creations.
func (s *sim) answered(h *host, slot int) {
	r := &h.flights[slot]
	if r.pausing {
		r.pausing = false
		s.ask(h, slot, r.op)
		return
	}
	switch {
	case r.verdict == missing:
		s.ask(h, slot, r.op+1)
	case r.op == putEvents:
		s.settle(h, slot)
	case r.verdict == accepted:
		s.ask(h, slot, r.op-1) // what was missing is there now
	case r.creates+1 < s.policy.CreateTries:
		r.creates++
		r.pausing = true
		most := 0.1 * float64(int(1)<<min(r.creates, 4))
		s.later(h, slot, most/2+s.rand.Float64()*most/2)
	default:
		s.settle(h, slot)
	}
}

// settle ends a send.
func (s *sim) settle(h *host, slot int) {
	r := &h.flights[slot]
	r.busy = false
	h.flying--
	if r.verdict == accepted {
		s.delivered(h, r)
	} else {
		s.refused(h, r)
	}
}

// delivered ends a send that went well.
func (s *sim) delivered(h *host, r *request) {
	if r.failures == h.failures {
		h.failures, h.last = 0, 0
	}
	if h.rounds++; h.rounds >= h.wide {
		h.wide, h.rounds = min(h.wide+1, s.policy.Window), 0
	}
	if p := s.policy; p.Stretch > 0 {
		h.interval = max(p.Interval, h.interval*p.Shrink)
	}
	s.measure.deliver(s.now, r.batch.segment)
	h.buffer.release(s.now, r.batch.n, s.gap())
}

// refused decides what happens after a send that went wrong.
func (s *sim) refused(h *host, r *request) {
	p := s.policy
	isThrottle := r.verdict == throttled
	h.throttle = isThrottle
	h.last = p.wait(s.rand, h.failures, isThrottle, h.last)
	h.until = s.now + h.last
	h.failures++
	h.wide, h.rounds = max(1, h.wide/2), 0
	if !isThrottle {
		h.wide = 1
	}
	if p.Stretch > 0 && isThrottle && r.op == putEvents {
		h.interval = min(p.StretchMost, h.interval*p.Stretch)
	}
	r.batch.tries++
	if p.Tries > 0 && r.batch.tries >= p.Tries {
		s.measure.drop(s.now, r.batch.n)
		h.failures = 0
		h.buffer.release(s.now, r.batch.n, s.gap())
		return
	}
	if p.Ticks {
		h.sealed = append([]batch{r.batch}, h.sealed...)
		return
	}
	h.sealed = append(h.sealed, r.batch) // to the end of the line
}

// arm sets the host's timer to the next moment at which something is due.
func (s *sim) arm(h *host) {
	at := math.Inf(1)
	held := h.failures > 0 && h.until > s.now // nothing leaves before then
	if held && (len(h.sealed) > 0 || s.policy.Late) {
		at = h.until
	}
	if s.hastens(h) && h.buffer.growing && h.buffer.held < queueRecords {
		at = min(at, h.buffer.stalledAt())
	}
	switch {
	case held && s.policy.Late:
	case h.flying >= s.window(h) && s.policy.Late: // an answer will come first
	case len(h.buffer.runs) == 0:
		at = min(at, h.buffer.next)
	case h.buffer.full(): // and waits for an answer
	default:
		at = min(at, s.deadline(h))
		if h.buffer.growing && h.buffer.held < queueRecords {
			at = min(at, h.buffer.fullAt())
		}
	}
	if at == h.wakeAt || math.IsInf(at, 1) {
		return
	}
	h.wakeAt = at
	s.agenda.add(event{at: at, host: h.id, what: wake})
}
