package store

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
)

const (
	// fullBlock is a block that merging leaves alone, in bytes of cost.
	fullBlock = blockCost / 2
	// mergeBlocks is how many small blocks a stream gathers before they are merged.
	mergeBlocks = 16
	// mergeSpan bounds the time that merging lets a block span, in
	// milliseconds. A longer span makes readers look further back.
	mergeSpan = 6 * 60 * 60 * 1000
	// mergeLeast is how many blocks are worth being replaced by one.
	mergeLeast = 4
	// mergeWalk bounds how much of the index one look at a stream takes.
	mergeWalk = 4096
)

// A mergeJob names a stream whose small blocks are to be merged.
type mergeJob struct {
	group  uint64
	stream string
}

// merge merges the small blocks of a stream that came since the last time.
// Sizes about double from merge to merge, so that an event is written about
// log2(fullBlock / size of its put) times more, not once for every later put.
func (s *Store) merge(job mergeJob) error {
	record, err := s.takeLoose(job)
	if err != nil || record.dirty == math.MaxInt64 {
		return err
	}
	dirty := record.dirty
	for !s.jan.stopping() {
		refs, err := s.looseBlocks(record.id, dirty)
		if err != nil || len(refs) == 0 {
			return err
		}
		runs := mergeRuns(refs)
		if len(runs) == 0 {
			break
		}
		for _, run := range runs {
			if run = worthMerging(run); len(run) > 0 && !s.jan.stopping() {
				if err := s.mergeRun(job, record.id, run); err != nil {
					return err
				}
			}
		}
		// The last run may grow: the next merge begins with it.
		dirty = runs[len(runs)-1][0].first
		if len(refs) < mergeWalk || refs[len(refs)-1].first == dirty {
			break
		}
	}
	return s.changeStream(job, record.id, func(w writer, r *streamRecord) error {
		r.dirty = min(r.dirty, dirty)
		return nil
	})
}

// takeLoose returns the record as it was before its loose blocks were taken.
// Puts that come from now on count anew; a crash before the end of the merge
// leaves small blocks small, nothing worse.
func (s *Store) takeLoose(job mergeJob) (before streamRecord, err error) {
	before.dirty = math.MaxInt64 // when the stream is gone
	err = s.changeStream(job, 0, func(w writer, r *streamRecord) error {
		before = *r
		r.loose, r.dirty = 0, math.MaxInt64
		return nil
	})
	return before, err
}

// changeStream changes a record, unless the stream is gone or its number is
// another than id (0: any).
func (s *Store) changeStream(job mergeJob, id uint64, change func(writer, *streamRecord) error) error {
	return s.update(func(w writer) error {
		key := streamKey(job.group, job.stream)
		v := w.get(key)
		if v == nil {
			return nil
		}
		r, err := parseStream(v)
		if err != nil {
			return s.corrupt(fmt.Sprintf("log stream %q", job.stream), err)
		}
		if id != 0 && r.id != id {
			return nil
		}
		if err := change(w, &r); err != nil {
			return err
		}
		return w.put(key, r.value())
	})
}

// looseBlocks returns index entries from the time on.
func (s *Store) looseBlocks(stream uint64, dirty int64) (refs []ref, err error) {
	verr := s.kv.view(func(r reader) error {
		r.ascend(indexKey(stream, dirty, 0), after(indexPrefix(stream)), func(k, v []byte) bool {
			var b ref
			if b, err = parseRef(k, v); err == nil {
				refs = append(refs, b)
			}
			return err == nil && len(refs) < mergeWalk
		})
		return err
	})
	return refs, verr
}

// mergeRuns groups the small blocks into runs that each fit into one block.
func mergeRuns(refs []ref) (runs [][]ref) {
	var cost, last int64 // of the run that grows
	for _, b := range refs {
		if b.cost >= fullBlock || b.span() > mergeSpan {
			continue
		}
		n := len(runs) - 1
		if n < 0 || cost+b.cost > blockCost || max(last, b.last)-runs[n][0].first > mergeSpan {
			runs, cost, last = append(runs, nil), 0, math.MinInt64
			n++
		}
		runs[n] = append(runs[n], b)
		cost, last = cost+b.cost, max(last, b.last)
	}
	return runs
}

// worthMerging leaves out blocks that are more than half of what would come
// out, so that nothing is rewritten for a few bytes.
func worthMerging(run []ref) []ref {
	run = slices.SortedFunc(slices.Values(run), func(a, b ref) int { return cmp.Compare(b.cost, a.cost) })
	total := int64(0)
	for i := range run {
		total += run[i].cost
	}
	for len(run) > 0 && 2*run[0].cost > total {
		total -= run[0].cost
		run = run[1:]
	}
	if len(run) < mergeLeast {
		return nil
	}
	return run
}

// mergeRun replaces blocks by one.
func (s *Store) mergeRun(job mergeJob, stream uint64, run []ref) error {
	var events []Event
	for i := range run {
		data := s.fetch(run[i].block)
		if data == nil {
			return nil // deleted or expired meanwhile
		}
		some, err := s.events(&run[i], job.stream, data)
		if err != nil {
			return err
		}
		events = append(events, some...)
	}
	// Sequence numbers come along, so positions stay what they are for readers
	// that go on from one.
	slices.SortFunc(events, func(a, b Event) int { return a.Cursor().Compare(b.Cursor()) })
	d := s.codec.draft(events, nil)
	return s.changeStream(job, stream, func(w writer, r *streamRecord) error {
		// Numbers are never used twice: an entry that is still there is the block
		// that was read.
		for i := range run {
			if w.get(run[i].key()) == nil {
				return nil
			}
		}
		number, err := s.number(w, 1)
		if err != nil {
			return err
		}
		d.seal(stream, number, 0)
		for i := range run {
			if err := dropBlock(w, &run[i]); err != nil {
				return err
			}
		}
		r.span = max(r.span, d.span())
		s.count.merged.Add(int64(len(run)))
		return putBlock(w, d)
	})
}

// anyTomb is whether something deleted awaits removal.
func anyTomb(r reader) (any bool) {
	r.ascend([]byte{'x'}, []byte{'x' + 1}, func(k, _ []byte) bool {
		any = bytes.HasPrefix(k, []byte{'x'})
		return false
	})
	return any
}
