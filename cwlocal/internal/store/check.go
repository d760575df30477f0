package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// checkBlocks is how many index entries or blocks one snapshot of Check takes.
const checkBlocks = 64

// Check decodes everything and compares blocks, index and records. It may run
// beside readers and writers, who wait while the pages of the file are checked
// at the end. The error joins a *CorruptError for each damaged thing.
func (s *Store) Check() error {
	var found []error
	regions, err := s.regions()
	if err != nil {
		return err
	}
	for _, region := range regions {
		for g, err := range s.Groups(region, "") {
			if err != nil {
				found = append(found, err)
				break
			}
			found = append(found, s.checkGroup(g.GroupKey))
		}
	}
	found = append(found, s.checkIndex(), s.checkBlocks(), s.kv.verify())
	return errors.Join(found...)
}

// checkGroup compares the records of a group's streams with the index.
func (s *Store) checkGroup(k GroupKey) error {
	var found []error
	for st, err := range s.Streams(k, "") {
		if err != nil {
			found = append(found, err)
			break
		}
		err := s.kv.view(func(r reader) error {
			_, record, err := s.stream(r, k, st.Name)
			if errors.Is(err, ErrGroupMissing) || errors.Is(err, ErrStreamMissing) {
				return nil
			}
			if err != nil {
				return err
			}
			var sum streamRecord
			r.ascend(indexPrefix(record.id), after(indexPrefix(record.id)), func(k, v []byte) bool {
				var b ref
				if b, err = parseRef(k, v); err == nil {
					sum.add(&b)
				}
				return err == nil
			})
			if err == nil && (sum.events != record.events || sum.cost != record.cost || sum.span > record.span || sum.events > 0 && sum.first != record.first) {
				err = fmt.Errorf("the record has %d events of %d bytes, the index %d of %d", record.events, record.cost, sum.events, sum.cost)
			}
			if err != nil {
				return s.corrupt(fmt.Sprintf("log stream %q of %q", st.Name, k.Name), err)
			}
			return nil
		})
		found = append(found, err)
	}
	return errors.Join(found...)
}

// checkIndex decodes the block of every index entry.
func (s *Store) checkIndex() error {
	var found []error
	from, to := []byte{'i'}, []byte{'i' + 1}
	for more := true; more; {
		var refs []ref
		var blocks [][]byte
		err := s.kv.view(func(r reader) error {
			r.ascend(from, to, func(k, v []byte) bool {
				from = append(bytes.Clone(k), 0)
				b, err := parseRef(k, v)
				if err != nil {
					found = append(found, s.corrupt(fmt.Sprintf("index entry %x", k), err))
				} else {
					refs, blocks = append(refs, b), append(blocks, bytes.Clone(r.get(dataKey(b.block))))
				}
				return len(refs) < checkBlocks
			})
			return nil
		})
		if err != nil {
			return errors.Join(append(found, err)...)
		}
		for i := range refs {
			_, err := s.events(&refs[i], fmt.Sprintf("number %d", refs[i].stream), blocks[i])
			found = append(found, err)
		}
		more = len(refs) == checkBlocks
	}
	return errors.Join(found...)
}

// checkBlocks looks for blocks that the index does not have.
func (s *Store) checkBlocks() error {
	var found []error
	from, to := []byte{'d'}, []byte{'d' + 1}
	for more := true; more; {
		seen := 0
		err := s.kv.view(func(r reader) error {
			r.ascend(from, to, func(k, v []byte) bool {
				seen++
				from = append(bytes.Clone(k), 0)
				if len(k) != 9 || len(v) < blockHeader {
					found = append(found, s.corrupt(fmt.Sprintf("block %x", k), errBlock))
					return seen < checkBlocks
				}
				block := binary.BigEndian.Uint64(k[1:])
				key := indexKey(binary.BigEndian.Uint64(v[8:]), int64(binary.BigEndian.Uint64(v[24:])), block)
				if r.get(key) == nil {
					found = append(found, s.corrupt(fmt.Sprintf("block %d", block), errors.New("it is missing in the index")))
				}
				return seen < checkBlocks
			})
			return nil
		})
		if err != nil {
			return errors.Join(append(found, err)...)
		}
		more = seen == checkBlocks
	}
	return errors.Join(found...)
}
