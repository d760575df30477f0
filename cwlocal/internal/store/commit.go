package store

import "sync"

// A put on its way into the store: encoded, waiting for a transaction.
type put struct {
	group     GroupKey
	stream    string
	ingestion int64
	drafts    []*draft

	err error
	// turn wakes the caller: true when it is to lead the next commit, false
	// when its own put is settled.
	turn chan bool
}

// A commitQueue gathers the puts that arrive while a commit runs, so that they
// share the next. There is no goroutine of its own: the first caller leads a
// commit, and when that is done one of those who came meanwhile leads the next.
type commitQueue struct {
	mu      sync.Mutex
	waiting []*put
	led     bool
}

const (
	// commitPuts and commitBytes bound one commit: memory, and the time that
	// other writers wait.
	commitPuts  = 1024
	commitBytes = 8 << 20
)

// commit stores the put together with others and returns its error.
func (s *Store) commit(p *put) error {
	q := &s.queue
	p.turn = make(chan bool, 1)
	q.mu.Lock()
	q.waiting = append(q.waiting, p)
	lead := !q.led
	q.led = true
	q.mu.Unlock()
	if !lead && !<-p.turn {
		return p.err
	}
	s.lead()
	return p.err
}

// lead commits the front of the queue, to which the caller's put belongs, and
// passes the lead on.
func (s *Store) lead() {
	q := &s.queue
	q.mu.Lock()
	n, size := 0, 0
	for n < len(q.waiting) && n < commitPuts && (n == 0 || size < commitBytes) {
		for _, d := range q.waiting[n].drafts {
			size += len(d.data)
		}
		n++
	}
	batch := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	q.mu.Unlock()

	s.store(batch)

	q.mu.Lock()
	defer q.mu.Unlock()
	// The leader's own put is the first: it was at the front when it took the lead.
	for _, p := range batch[1:] {
		p.turn <- false
	}
	if q.led = len(q.waiting) > 0; q.led {
		q.waiting[0].turn <- true
	} else {
		q.waiting = nil // let go of the array
	}
}

// store puts a batch into one transaction and leaves each put's error in it.
func (s *Store) store(batch []*put) {
	c := commit{Store: s, streams: map[streamRef]*openStream{}, usage: map[uint64]int64{}}
	err := s.update(func(w writer) error {
		// A put that fails by itself has written nothing and leaves its error
		// behind; an error of the map ends the transaction for all.
		c.writer = w
		for _, p := range batch {
			if err := c.put(p); err != nil {
				return err
			}
		}
		return c.finish()
	})
	if err != nil {
		for _, p := range batch {
			if p.err == nil {
				p.err = err
			}
		}
		return
	}
	for _, st := range c.streams {
		if st.err == nil && st.loose >= mergeBlocks {
			s.jan.merge(s, mergeJob{st.group, st.key.stream})
		}
	}
}

// A commit is one transaction of puts. Records of streams and usage of groups
// are read once and written once, however many puts change them.
type commit struct {
	*Store
	writer
	streams map[streamRef]*openStream
	usage   map[uint64]int64
}

type streamRef struct {
	group  GroupKey
	stream string
}

type openStream struct {
	key   streamRef
	group uint64
	streamRecord
	err error
}

// put stores one put. An error that concerns it alone is left in it; the
// error returned ends the transaction.
func (c *commit) put(p *put) error {
	key := streamRef{p.group, p.stream}
	st := c.streams[key]
	if st == nil {
		st = &openStream{key: key}
		st.group, st.streamRecord, st.err = c.stream(c.writer, p.group, p.stream)
		c.streams[key] = st
	}
	if p.err = st.err; p.err != nil || len(p.drafts) == 0 {
		return nil
	}
	for _, d := range p.drafts {
		number, err := c.number(c.writer, 1)
		if err != nil {
			return err
		}
		d.seal(st.id, number, number)
		if err := putBlock(c.writer, d); err != nil {
			return err
		}
		st.count(&d.ref)
		c.usage[st.group] += d.cost
	}
	st.ingestion = max(st.ingestion, p.ingestion)
	c.count.puts.Add(1)
	return nil
}

// count adds a new block to the record, and to what awaits merging.
func (st *openStream) count(b *ref) {
	st.add(b)
	if b.cost >= fullBlock {
		return
	}
	st.loose++
	st.dirty = min(st.dirty, b.first)
}

// finish writes the records.
func (c *commit) finish() error {
	for key, st := range c.streams {
		if st.err == nil {
			if err := c.writer.put(streamKey(st.group, key.stream), st.value()); err != nil {
				return err
			}
		}
	}
	for group, bytes := range c.usage {
		if err := addUsage(c.writer, group, bytes); err != nil {
			return err
		}
	}
	return nil
}

// putBlock stores a sealed block and its entry of the index.
func putBlock(w writer, d *draft) error {
	if err := w.put(d.key(), d.value()); err != nil {
		return err
	}
	return w.put(dataKey(d.block), d.data)
}

// dropBlock removes a block and its entry of the index.
func dropBlock(w writer, r *ref) error {
	if err := w.delete(r.key()); err != nil {
		return err
	}
	return w.delete(dataKey(r.block))
}
