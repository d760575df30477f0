package main

// Sizes of the model's record and what they mean for the library's limits.
const (
	messageBytes  = 200                // UTF-8, as the service counts
	recordCost    = messageBytes + 220 // of the queue's bound: escaped fragment and bookkeeping
	queueBytes    = 16 << 20           // Options.QueueBytes
	queueRecords  = queueBytes / recordCost
	batchRecords  = (1 << 20) / (messageBytes + 26) // what fills a batch: bytes, before the 10,000 events do
	bytesASecond  = 25e6                            // a host's way out
	recordOnWire  = messageBytes + 60
	secondsOnWire = recordOnWire / bytesASecond // that one record adds to a request
)

// A segment is a run of records that were accepted at an even rate. The model
// never looks at single records: n of them lie evenly between from and to.
type segment struct {
	from, to float64
	n        float64
}

// A buffer is what one host has accepted and not yet put into a sealed batch.
// It is filled whenever somebody looks.
type buffer struct {
	rate float64 // records a second
	held float64 // records in memory: here, in sealed batches and under way

	runs    []segment // oldest first
	growing bool      // the last run goes on
	next    float64   // when the next run begins, if none is growing
	upTo    float64   // arrivals are accounted until then

	made, lost float64
}

// fill accounts for the records that came until now.
func (b *buffer) fill(now float64) {
	if !b.growing {
		if now < b.next {
			return
		}
		b.growing = true
		b.upTo = b.next
		b.runs = append(b.runs, segment{from: b.next, to: b.next})
		b.take(1)
	}
	if now > b.upTo {
		b.take(b.rate * (now - b.upTo))
		b.upTo = now
	}
}

// take accepts n records, or as many as there is room for: the newest are
// dropped. The first record of a run takes no time.
func (b *buffer) take(n float64) {
	b.made += n
	if room := queueRecords - b.held; n > room {
		b.lost += n - room
		n = room
	}
	last := &b.runs[len(b.runs)-1]
	last.n += n
	b.held += n
	last.to = max(last.to, last.from+(last.n-1)/b.rate)
}

// full reports whether the oldest records fill a batch, or can't become more:
// what came after them was dropped or belongs to a later run.
func (b *buffer) full() bool {
	return len(b.runs) > 1 || len(b.runs) == 1 && b.runs[0].n >= batchRecords
}

// fullAt is when the run that grows will fill a batch.
func (b *buffer) fullAt() float64 {
	return b.upTo + (batchRecords-b.runs[0].n)/b.rate + 1e-6
}

// stalledAt is when the memory will be full.
func (b *buffer) stalledAt() float64 {
	return b.upTo + (queueRecords-b.held)/b.rate + 1e-6
}

// cut takes the oldest records out, at most a batch of them. Gap is the wait
// for the next record if nothing is left.
func (b *buffer) cut(now, gap float64) segment {
	first := &b.runs[0]
	s := *first
	if s.n > batchRecords {
		s.to = s.from + (s.to-s.from)*batchRecords/s.n
		s.n = batchRecords
		first.from, first.n = s.to, first.n-s.n
		return s
	}
	b.runs = b.runs[1:]
	if len(b.runs) == 0 && b.growing {
		b.growing = false
		b.next = now + gap
	}
	return s
}

// release gives back the room of n records. Where records had to be dropped, a
// new run begins: between the two there is a hole.
func (b *buffer) release(now, n, gap float64) {
	stalled := b.growing && b.held >= queueRecords
	b.held -= n
	if stalled {
		b.growing = false
		b.next = now + gap
	}
}
