package main

import "math/rand/v2"

// Round trip of a request, in seconds, without the time that its bytes take.
const (
	latencyLeast = 0.020
	latencyMost  = 0.060
)

// A sim is one run: a fleet of hosts with one policy, in one scenario.
type sim struct {
	policy   *policy
	scenario *scenario
	load     float64 // records a second and host

	now     float64
	rand    *rand.Rand
	agenda  agenda
	service *service
	hosts   []host
	measure *measure
}

// run simulates one fleet. The same arguments give the same measure.
func run(sc *scenario, p policy, hosts int, load float64, seed uint64) *measure {
	s := &sim{
		policy: &p, scenario: sc, load: load,
		rand:    rand.New(rand.NewPCG(seed, 1)),
		service: newService(sc, hosts),
		hosts:   make([]host, hosts),
		measure: newMeasure(sc, hosts),
	}
	for i := range s.hosts {
		s.start(&s.hosts[i], int32(i))
	}
	for len(s.agenda) > 0 {
		e := s.agenda.next()
		if e.at > sc.Length {
			break
		}
		s.happen(e)
	}
	s.now = sc.Length
	for i := range s.hosts {
		h := &s.hosts[i]
		h.buffer.fill(s.now)
		s.measure.made += h.buffer.made
		s.measure.lost += h.buffer.lost
		s.measure.left += h.buffer.held
	}
	return s.measure
}

// start begins the life of a host: in a deploy it starts now, otherwise it has
// been running and is somewhere in its interval.
func (s *sim) start(h *host, id int32) {
	h.id = id
	h.interval = s.policy.Interval
	h.wide = min(2, s.policy.Window)
	h.flights = make([]request, s.policy.Window)
	h.buffer.rate = s.load
	h.origin = s.rand.Float64() * s.scenario.Start
	if s.scenario.Start == 0 {
		h.origin = s.rand.Float64() * h.interval
	}
	h.buffer.next = h.origin + s.gap()
	h.born = -1
	h.sealedAt = -3600 // it begins after a pause
	h.wakeAt = h.buffer.next
	s.agenda.add(event{at: h.wakeAt, host: id, what: wake})
}

// happen lets one event happen.
func (s *sim) happen(e event) {
	s.now = e.at
	h := &s.hosts[e.host]
	switch {
	case e.what == answer:
		h.buffer.fill(s.now)
		s.answered(h, int(e.slot))
	case e.at != h.wakeAt:
		return // the timer was set anew
	default:
		h.wakeAt = 0
	}
	lost := h.buffer.lost
	s.turn(h)
	if h.buffer.lost > lost {
		s.measure.overflow(s.now, h.buffer.lost-lost)
	}
}

// ask makes one request. The service decides at once; the host learns of it
// after the round trip.
func (s *sim) ask(h *host, slot int, o op) {
	r := &h.flights[slot]
	if r.op != o {
		r.op, r.creates = o, 0
	}
	r.verdict = s.service.ask(s.now, o, h.id)
	s.measure.request(s.now, o, r.verdict)
	took := latencyLeast + s.rand.Float64()*(latencyMost-latencyLeast)
	if o == putEvents {
		took += r.batch.n * secondsOnWire
	}
	s.later(h, slot, took)
}

// later lets an answer arrive after a while.
func (s *sim) later(h *host, slot int, after float64) {
	s.agenda.add(event{at: s.now + after, host: h.id, slot: int32(slot), what: answer})
}
