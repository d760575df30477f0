package encode

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

const (
	// frameBytes is {} and "_truncated":{} around everything else.
	frameBytes = len(`{"_truncated":{}}`)
	// countBytes bounds "...":n for what is not named.
	countBytes = len(`"...":1234567890,`)
	// maxPath bounds a name in _truncated.
	maxPath = 128
	// The first fields, time, level, source, msg and the logger's name, are
	// the last to be left out, unless they are larger than this.
	firstMembers, firstBytes = 5, 256
)

// A note says how long something was, in bytes.
type note struct {
	name string // escaped
	n    int
}

// A shrinker makes a JSON object shorter. Lengths are bytes of JSON.
type shrinker struct {
	scanner
	limit int
	level int // strings are cut to this length

	names int // what the names of fields left out take
	notes []note
	out   []byte
}

// shrinkJSON returns msg, a valid object longer than limit, as an object of at
// most limit bytes.
func shrinkJSON(msg []byte, limit int) []byte {
	s := &shrinker{scanner: scanner{msg: msg}, limit: limit, level: math.MaxInt}
	s.object(0, true)
	s.protect()
	s.dropMembers()
	s.setLevel()
	return s.write()
}

// dropMembers drops the largest fields until the others fit with all long
// strings cut to keepString.
func (s *shrinker) dropMembers() {
	least, names := 0, 0
	for i := range s.members {
		if !s.members[i].dropped {
			least += s.members[i].least + 1
			names += s.longNames(i)
		}
	}
	for _, i := range s.byWorth() {
		if least <= s.room(names+s.names) {
			return
		}
		if m := &s.members[i]; !m.dropped {
			least -= m.least + 1
			names -= s.longNames(i)
			s.drop(m)
		}
	}
}

// drop leaves a field out.
func (s *shrinker) drop(m *member) {
	m.dropped = true
	s.names += noteLen(m.to-m.value, m.nameLen())
}

// byWorth returns the indexes of the fields in the order to drop them.
func (s *shrinker) byWorth() []int {
	order := make([]int, len(s.members))
	for i := range order {
		order[i] = i
	}
	first := func(i int) int {
		if s.members[i].whole {
			return 2
		}
		if i < firstMembers && s.members[i].least <= firstBytes {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(first(i)-first(j), s.members[j].least-s.members[i].least)
	})
	return order
}

// setLevel finds the length to which strings are cut: the longest ones, as few
// as will do, all to the same length.
func (s *shrinker) setLevel() {
	var longs []long
	used := 0
	for i, m := range s.members {
		if !m.dropped {
			longs = append(longs, s.longsOf(i)...)
			used += m.most + 1
		}
	}
	slices.SortFunc(longs, func(a, b long) int { return b.len() - a.len() })
	names := s.names
	if used <= s.room(names) {
		return
	}
	for k, l := range longs {
		used -= l.len()
		names += noteLen(l.len(), len(l.path))
		s.level = (s.room(names) - used) / (k + 1)
		if k+1 < len(longs) && s.level >= longs[k+1].len() {
			return
		}
	}
}

// room is what is left for fields if names in _truncated take n bytes.
func (s *shrinker) room(n int) int {
	return s.limit - frameBytes - countBytes - min(n, s.maxNames())
}

// maxNames bounds what names may take; the rest is only counted.
func (s *shrinker) maxNames() int { return s.limit / 4 }

// longsOf returns the long strings of a field.
func (s *shrinker) longsOf(i int) []long {
	if s.members[i].whole {
		return nil
	}
	if i+1 < len(s.members) {
		return s.longs[s.members[i].longs:s.members[i+1].longs]
	}
	return s.longs[s.members[i].longs:]
}

// longNames is what the names of the long strings of a field take.
func (s *shrinker) longNames(i int) int {
	n := 0
	for _, l := range s.longsOf(i) {
		n += noteLen(l.len(), len(l.path))
	}
	return n
}

// write writes the object that was decided on.
func (s *shrinker) write() []byte {
	s.out = append(make([]byte, 0, s.limit), '{')
	for i, m := range s.members {
		if m.dropped {
			key := s.msg[m.from+1:][:m.keyLen(s.msg)]
			s.notes = append(s.notes, note{string(key[:cutJSON(key, maxPath)]), m.to - m.value})
			continue
		}
		from := m.from
		for _, l := range s.longsOf(i) {
			if l.len() <= s.level {
				continue
			}
			text := s.msg[l.from:l.to]
			s.out = append(s.out, s.msg[from:l.from+cutJSON(text, s.level)]...)
			from = l.to
			s.notes = append(s.notes, note{l.path, decodedLen(text)})
		}
		s.out = append(append(s.out, s.msg[from:m.to]...), ',')
	}
	s.writeNotes()
	return append(s.out, '}')
}

// writeNotes writes _truncated: the longest things by name, as many as there is
// room for, and the number of the others.
func (s *shrinker) writeNotes() {
	slices.SortStableFunc(s.notes, func(a, b note) int { return b.n - a.n })
	s.out = append(s.out, `"_truncated":{`...)
	room := s.maxNames()
	for i, o := range s.notes {
		if i > 0 {
			s.out = append(s.out, ',')
		}
		if room -= noteLen(o.n, len(o.name)); room < 0 {
			o = note{"...", len(s.notes) - i}
		}
		s.out = append(append(append(s.out, '"'), o.name...), `":`...)
		s.out = strconv.AppendInt(s.out, int64(o.n), 10)
		if room < 0 {
			break
		}
	}
	s.out = append(s.out, '}')
}

// noteLen is what a note of a length n under a name takes at most.
func noteLen(n, name int) int { return name + len(`"":,`) + len(strconv.Itoa(n)) }

// len is the length of the string's content.
func (l long) len() int { return l.to - l.from }

// nameLen bounds the name of the field in _truncated.
func (m *member) nameLen() int { return min(m.value-m.from, maxPath) }

// keyLen is the length of the key, without its quotation marks.
func (m *member) keyLen(msg []byte) int {
	end := m.from + 1
	for ; msg[end] != '"'; end++ {
		if msg[end] == '\\' {
			end++
		}
	}
	return end - m.from - 1
}
