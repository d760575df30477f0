package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math"
)

// A Stream is a log stream. Times are in milliseconds since 1970 (UTC); zero
// is none.
type Stream struct {
	Name    string
	Created int64
	// FirstEvent and LastEvent are the timestamps of the earliest and the
	// latest event stored. Expire moves them.
	FirstEvent, LastEvent int64
	// LastIngestion is when the latest put was accepted.
	LastIngestion int64
}

// streamRecord is what is stored of a stream, as varints in this order.
type streamRecord struct {
	id                 uint64 // names the creation, as a group's does
	created, ingestion int64
	// The events stored: number, cost, earliest and latest time.
	events, cost, first, last int64
	// span is no less than the time between the first and last event of any
	// block: blocks that reach a time begin no earlier than that before it.
	span int64
	// loose counts small blocks stored since the last merge, and dirty is the
	// time where the next one begins: no small block before it is worth a look.
	loose, dirty int64
}

var errRecord = errors.New("record is malformed")

func (r *streamRecord) fields() []*int64 {
	return []*int64{
		&r.created, &r.ingestion, &r.events, &r.cost, &r.first, &r.last,
		&r.span, &r.loose, &r.dirty,
	}
}

func (r *streamRecord) value() []byte {
	b := binary.AppendUvarint(make([]byte, 0, 64), r.id)
	for _, f := range r.fields() {
		b = binary.AppendVarint(b, *f)
	}
	return b
}

func parseStream(v []byte) (r streamRecord, err error) {
	id, n := binary.Uvarint(v)
	if n <= 0 {
		return r, errRecord
	}
	r.id, v = id, v[n:]
	for _, f := range r.fields() {
		if *f, n = binary.Varint(v); n <= 0 {
			return r, errRecord
		}
		v = v[n:]
	}
	if len(v) != 0 {
		return r, errRecord
	}
	return r, nil
}

// add counts a block.
func (r *streamRecord) add(b *ref) {
	if r.events == 0 {
		r.first, r.last = b.first, b.last
	}
	r.first, r.last = min(r.first, b.first), max(r.last, b.last)
	r.events, r.cost = r.events+int64(b.count), r.cost+b.cost
	r.span = max(r.span, b.span())
}

func (r *streamRecord) public(name string) Stream {
	st := Stream{Name: name, Created: r.created, LastIngestion: r.ingestion}
	if r.events > 0 {
		st.FirstEvent, st.LastEvent = r.first, r.last
	}
	return st
}

// CreateStream creates a stream; now is its creation time in milliseconds. The
// error is ErrGroupMissing or ErrStreamExists.
func (s *Store) CreateStream(k GroupKey, name string, now int64) error {
	return s.update(func(w writer) error {
		group, err := groupID(w, k)
		if err != nil {
			return err
		}
		if w.get(streamKey(group, name)) != nil {
			return ErrStreamExists
		}
		id, err := s.number(w, 1)
		if err != nil {
			return err
		}
		return w.put(streamKey(group, name), (&streamRecord{id: id, created: now, dirty: math.MaxInt64}).value())
	})
}

// Stream returns a stream, or ErrGroupMissing or ErrStreamMissing.
func (s *Store) Stream(k GroupKey, name string) (st Stream, err error) {
	err = s.kv.view(func(r reader) error {
		_, record, err := s.stream(r, k, name)
		st = record.public(name)
		return err
	})
	if err != nil {
		return Stream{}, err
	}
	return st, nil
}

// DeleteStream deletes a stream with its events, or returns ErrGroupMissing or
// ErrStreamMissing. It returns at once; the space is reclaimed in the background.
func (s *Store) DeleteStream(k GroupKey, name string) error {
	err := s.update(func(w writer) error {
		group, record, err := s.stream(w, k, name)
		if err != nil {
			return err
		}
		if err := w.delete(streamKey(group, name)); err != nil {
			return err
		}
		if err := addUsage(w, group, -record.cost); err != nil {
			return err
		}
		return w.put(tombKey('s', record.id), []byte{1})
	})
	if err == nil {
		s.jan.wake(s)
	}
	return err
}

// Streams are the streams of a group in ASCII order of their names, those
// after the given name; as Groups otherwise. A missing group has none.
func (s *Store) Streams(k GroupKey, after string) iter.Seq2[Stream, error] {
	return func(yield func(Stream, error) bool) {
		for {
			page, err := s.streamPage(k, after)
			for _, st := range page {
				if !yield(st.public(st.name), nil) {
					return
				}
			}
			if err != nil && !errors.Is(err, ErrGroupMissing) {
				yield(Stream{}, err)
				return
			}
			if err != nil || len(page) < streamPage {
				return
			}
			after = page[len(page)-1].name
		}
	}
}

// streamPage is how many streams an iterator reads at a time.
const streamPage = 256

// A namedStream is a stream's record with its name and the number of its group.
type namedStream struct {
	group uint64
	name  string
	streamRecord
}

// fresh returns the record as it is in this snapshot: empty when the stream is gone.
func (st *namedStream) fresh(r reader) (streamRecord, error) {
	v := r.get(streamKey(st.group, st.name))
	if v == nil {
		return streamRecord{}, nil
	}
	record, err := parseStream(v)
	if err != nil || record.id != st.id {
		return streamRecord{}, err
	}
	return record, nil
}

// streamPage returns the streams behind a name. A page shorter than streamPage
// is the last.
func (s *Store) streamPage(k GroupKey, behind string) (page []namedStream, err error) {
	err = s.kv.view(func(r reader) error {
		group, err := groupID(r, k)
		if err != nil {
			return err
		}
		page, err = s.streamsOf(r, group, behind)
		return err
	})
	return page, err
}

func (s *Store) streamsOf(r reader, group uint64, behind string) (page []namedStream, err error) {
	prefix := streamPrefix(group)
	from := append(streamKey(group, behind), 0)
	if behind == "" {
		from = prefix
	}
	r.ascend(from, after(prefix), func(k, v []byte) bool {
		st := namedStream{group: group, name: string(k[len(prefix):])}
		if st.streamRecord, err = parseStream(v); err != nil {
			err = s.corrupt(fmt.Sprintf("log stream %q", st.name), err)
			return false
		}
		page = append(page, st)
		return len(page) < streamPage
	})
	return page, err
}

func (s *Store) stream(r reader, k GroupKey, name string) (group uint64, record streamRecord, err error) {
	if group, err = groupID(r, k); err != nil {
		return 0, record, err
	}
	v := r.get(streamKey(group, name))
	if v == nil {
		return 0, record, ErrStreamMissing
	}
	if record, err = parseStream(v); err != nil {
		return 0, record, s.corrupt(fmt.Sprintf("log stream %q", name), err)
	}
	return group, record, nil
}
