package store

import (
	"errors"
	"fmt"
)

// day is a day of retention in milliseconds.
const day = 24 * 60 * 60 * 1000

// Expire removes the events that are older than their group's retention at
// the time now (milliseconds), and returns how many. It goes by whole blocks:
// events that share a block with younger ones stay until those expire as well,
// and Range.NotBefore hides them meanwhile. Transactions are small: puts go on.
func (s *Store) Expire(now int64) (removed int, err error) {
	regions, err := s.regions()
	if err != nil {
		return 0, err
	}
	for _, region := range regions {
		for g, err := range s.Groups(region, "") {
			if err != nil {
				return removed, err
			}
			if g.RetentionDays <= 0 {
				continue
			}
			n, err := s.expireGroup(g.GroupKey, now-int64(g.RetentionDays)*day)
			removed += n
			// A group deleted meanwhile has nothing to expire.
			if err != nil && !errors.Is(err, ErrGroupMissing) {
				return removed, err
			}
		}
	}
	return removed, nil
}

func (s *Store) expireGroup(k GroupKey, cutoff int64) (removed int, err error) {
	streams, err := s.matching(k, nil, (&Range{End: cutoff}).bounds())
	if err != nil {
		return 0, err
	}
	for _, st := range streams {
		for from, more := st.first, true; more; {
			var n int
			n, from, more, err = s.expireSome(k, &st, from, cutoff)
			removed += n
			if err != nil {
				return removed, err
			}
		}
	}
	return removed, nil
}

// expireSome is one transaction: some blocks of a stream that begin at or after from
// and end before cutoff. next is where to go on if there are more.
func (s *Store) expireSome(k GroupKey, st *namedStream, from, cutoff int64) (removed int, next int64, more bool, err error) {
	err = s.update(func(w writer) error {
		group, record, err := s.stream(w, k, st.name)
		if errors.Is(err, ErrStreamMissing) || err == nil && record.id != st.id {
			return nil
		}
		if err != nil {
			return err
		}
		var refs []ref
		refs, next, more, err = s.expired(w, st, from, cutoff)
		if err != nil || len(refs) == 0 {
			return err
		}
		var cost int64
		for i := range refs {
			if err := dropBlock(w, &refs[i]); err != nil {
				return err
			}
			removed, cost = removed+refs[i].count, cost+refs[i].cost
		}
		s.count.removed.Add(int64(len(refs)))
		record.events, record.cost = record.events-int64(removed), record.cost-cost
		record.first = s.firstTime(w, record.id)
		if err := w.put(streamKey(group, st.name), record.value()); err != nil {
			return err
		}
		return addUsage(w, group, -cost)
	})
	if err != nil {
		removed = 0
	}
	return removed, next, more, err
}

// expired returns up to reclaimBlocks blocks, having looked at no more than
// mergeWalk; more is set when there is more to look at, from next on.
func (s *Store) expired(w writer, st *namedStream, from, cutoff int64) (refs []ref, next int64, more bool, err error) {
	looked := 0
	w.ascend(indexKey(st.id, from, 0), indexKey(st.id, cutoff, 0), func(k, v []byte) bool {
		var b ref
		if b, err = parseRef(k, v); err != nil {
			err = s.corrupt(fmt.Sprintf("the index of log stream %q", st.name), err)
			return false
		}
		// The next look begins at a time, so that this one must not end between
		// two blocks that begin at the same.
		if looked++; (len(refs) >= reclaimBlocks || looked > mergeWalk) && b.first > from {
			next, more = b.first, true
			return false
		}
		if b.last < cutoff {
			refs = append(refs, b)
		}
		return true
	})
	return refs, next, more, err
}

// firstTime is the time of a stream's first event, 0 when it has none.
func (s *Store) firstTime(r reader, stream uint64) (first int64) {
	prefix := indexPrefix(stream)
	r.ascend(prefix, after(prefix), func(k, v []byte) bool {
		if b, err := parseRef(k, v); err == nil {
			first = b.first
		}
		return false
	})
	return first
}
