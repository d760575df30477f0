package queue

import "log/slog"

// evict makes room for an event of that level by giving up chunks, and charges
// cost. Chunks are given up whole: what the caller accounts for then is a run
// of events, and the next events find room too. None is given up in vain.
func (q *Queue) evict(level slog.Level, cost, bound int) ([]*Chunk, error) {
	below := lanes // any lane may go
	if q.cfg.Policy == DropLowestLevel {
		below = q.lane(level)
	}
	if q.used+cost-q.evictable(below) > bound {
		return nil, ErrFull
	}
	var evicted []*Chunk
	for q.used+cost > bound {
		c := q.victim(below)
		q.used -= c.Cost()
		evicted = append(evicted, c)
	}
	q.used += cost
	return evicted, nil
}

// evictable is the cost of all events in lanes below that one.
func (q *Queue) evictable(below int) int {
	n := 0
	for _, cost := range q.inLane[:below] {
		n += cost
	}
	return n
}

// victim takes the chunk out of the queue that has to go first. There is one.
func (q *Queue) victim(below int) *Chunk {
	for lane := range below {
		if q.inLane[lane] == 0 {
			continue
		}
		for i, era := range q.full {
			if c := q.takeOut(era, lane); c != nil {
				if era.empty() {
					q.full = append(q.full[:i], q.full[i+1:]...)
				}
				return c
			}
		}
		// The open era stays open: one that is cut short takes the memory of
		// a whole one.
		c := q.takeOut(q.open, lane)
		if q.open.size -= c.size; q.open.empty() {
			q.open = nil
		}
		return c
	}
	panic("queue: nothing to give up")
}

// takeOut takes the chunk of a lane, if there is one, out of an era.
func (q *Queue) takeOut(r *era, lane int) *Chunk {
	c := r.chunks[lane]
	if c != nil {
		r.chunks[lane] = nil
		q.inLane[lane] -= c.Cost()
	}
	return c
}

// lanes is the number of classes of levels that DropLowestLevel tells apart.
const lanes = 4

// lane returns the class of a level: below Info, Info, Warn, and Error and
// above. The other policies have one class.
func (q *Queue) lane(level slog.Level) int {
	switch {
	case q.cfg.Policy != DropLowestLevel, level < slog.LevelInfo:
		return 0
	case level < slog.LevelWarn:
		return 1
	case level < slog.LevelError:
		return 2
	}
	return 3
}
