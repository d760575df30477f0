package spool

// Leave notes that an event which Read has returned is left on disk, to be read
// once more after ReadAgain. Of a record all events are left or none. Unlike the
// other methods it may be called by yield.
func (s *Spool) Leave(at Position) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.byID[at.segment]; g != nil && !g.acked.has(at.event) {
		g.later.set(at.event)
	}
}

// ReadAgain makes Read return once more what Leave has noted, before all that was
// not read yet; so what is read behind it does not overtake it. It reports false,
// and nothing is changed, while a record is read in part.
func (s *Spool) ReadAgain() bool {
	if s.reader.part > 0 {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.segments {
		n := g.later.count() - g.coming
		if n == 0 || g.retired {
			continue
		}
		if s.unread == 0 {
			s.woken()
		}
		s.unread += n
		g.coming += n
		g.frontier = max(g.frontier, g.next)
		g.offset, g.next = headerBytes, 0
	}
	return true
}

// passes reports whether an event is not to be returned now: it was before, and
// not left for later.
func (g *segment) passes(event uint32) bool {
	return g.acked.has(event) || event < g.frontier && !g.later.has(event)
}

// arrive notes that an event which may have been left before is read again.
func (g *segment) arrive(event uint32) {
	if g.later.has(event) {
		g.later.clear(event)
		g.coming--
	}
}
