package store

import "encoding/binary"

// reclaimBlocks bounds the blocks that one transaction removes, in Expire and
// after deletions: removing all of a large group in one was measured at 23
// seconds, for which every put would have waited.
const reclaimBlocks = 256

// reclaim removes what belongs to deleted groups and streams. A tomb is the
// last key to go, so that a restart goes on where this one stopped.
func (s *Store) reclaim() error {
	for !s.jan.stopping() {
		kind, number := byte(0), uint64(0)
		err := s.kv.view(func(r reader) error {
			r.ascend([]byte{'x'}, []byte{'x' + 1}, func(k, _ []byte) bool {
				kind, number = k[1], binary.BigEndian.Uint64(k[2:])
				return false
			})
			return nil
		})
		if err != nil || kind == 0 {
			return err
		}
		done := false
		for !done && err == nil && !s.jan.stopping() {
			err = s.update(func(w writer) (err error) {
				if kind == 'g' {
					done, err = s.reclaimGroup(w, number)
				} else {
					done, err = s.reclaimStream(w, number)
				}
				if done && err == nil {
					err = w.delete(tombKey(kind, number))
				}
				return err
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// reclaimGroup gives some streams of the group tombs of their own.
func (s *Store) reclaimGroup(w writer, group uint64) (done bool, err error) {
	streams, err := s.streamsOf(w, group, "")
	if err != nil {
		return false, err
	}
	for _, st := range streams {
		if err := w.delete(streamKey(group, st.name)); err != nil {
			return false, err
		}
		if st.events == 0 {
			continue
		}
		if err := w.put(tombKey('s', st.id), []byte{1}); err != nil {
			return false, err
		}
	}
	return len(streams) < streamPage, nil
}

// reclaimStream removes some blocks of a stream.
func (s *Store) reclaimStream(w writer, stream uint64) (done bool, err error) {
	var refs []ref
	r := indexPrefix(stream)
	w.ascend(r, after(r), func(k, _ []byte) bool {
		// The key alone: a damaged value must not keep the entry for ever.
		if len(k) == 25 {
			refs = append(refs, ref{
				stream: stream,
				first:  int64(binary.BigEndian.Uint64(k[9:]) ^ 1<<63),
				block:  binary.BigEndian.Uint64(k[17:]),
			})
		}
		return len(refs) < reclaimBlocks
	})
	for i := range refs {
		if err := dropBlock(w, &refs[i]); err != nil {
			return false, err
		}
	}
	s.count.removed.Add(int64(len(refs)))
	return len(refs) < reclaimBlocks, nil
}
