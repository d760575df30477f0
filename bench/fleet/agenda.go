package main

// A what is the kind of an event of the simulation.
type what uint8

const (
	wake   what = iota // a host's timer
	answer             // the answer to one request arrives
)

// An event happens to one host at one moment.
type event struct {
	at   float64 // seconds since the start of the run
	host int32
	slot int32 // of the request that is answered
	what what
}

// An agenda holds the events to come: a heap with four children a node, which
// is flatter than one with two and therefore kinder to the cache.
type agenda []event

// add notes an event to come.
func (a *agenda) add(e event) {
	h := append(*a, e)
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 4
		if !e.before(&h[up]) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = e
	*a = h
}

// next takes out the event that comes first. The agenda must not be empty.
func (a *agenda) next() event {
	h := *a
	first, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	*a = h
	if len(h) > 0 {
		h.sink(last)
	}
	return first
}

// sink puts e where the root was and lets it find its place.
func (a agenda) sink(e event) {
	i := 0
	for {
		least := 4*i + 1
		if least >= len(a) {
			break
		}
		for c := least + 1; c < min(4*i+5, len(a)); c++ {
			if a[c].before(&a[least]) {
				least = c
			}
		}
		if !a[least].before(&e) {
			break
		}
		a[i] = a[least]
		i = least
	}
	a[i] = e
}

// before orders events by time; those of one moment by host, so that a run
// does not depend on the shape of the heap.
func (e *event) before(f *event) bool {
	if e.at != f.at {
		return e.at < f.at
	}
	return e.host < f.host
}
