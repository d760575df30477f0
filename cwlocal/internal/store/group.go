package store

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
)

// A GroupKey names a log group. The region is a namespace of its own: groups
// of two regions never meet. It has at most 255 bytes.
type GroupKey struct{ Region, Name string }

// A Group is a log group and its settings.
type Group struct {
	GroupKey
	// Created is in milliseconds since 1970 (UTC).
	Created int64
	// RetentionDays is how long Expire keeps events. If zero, for ever.
	RetentionDays int
	// KMSKeyID and Class are stored as they were given.
	KMSKeyID, Class string
	// DeletionProtection is stored for the caller; DeleteGroup does not look at it.
	DeletionProtection bool
	// BearerToken is whether the group accepts bearer tokens.
	BearerToken bool
	// Tags is nil or the caller's to change.
	Tags map[string]string
	// StoredBytes is the size of the events: messages in bytes, uncompressed,
	// plus EventOverhead for each. The store counts it; what CreateGroup and
	// UpdateGroup are given is ignored.
	StoredBytes int64
}

// CreateGroup creates a group. The error is ErrGroupExists when there is one.
func (s *Store) CreateGroup(g Group) error {
	if len(g.Region) > 255 {
		return fmt.Errorf("create log group: region of %d bytes", len(g.Region))
	}
	return s.update(func(w writer) error {
		if w.get(groupKey(g.GroupKey)) != nil {
			return ErrGroupExists
		}
		id, err := s.number(w, 1)
		if err != nil {
			return err
		}
		return putGroup(w, id, g)
	})
}

// Group returns a group, or ErrGroupMissing.
func (s *Store) Group(k GroupKey) (g Group, err error) {
	err = s.kv.view(func(r reader) error {
		_, g, err = s.group(r, k)
		return err
	})
	return g, err
}

// UpdateGroup lets change modify the group and stores it, unless change returns
// an error. change runs while other writers wait; it must not call the store.
func (s *Store) UpdateGroup(k GroupKey, change func(*Group) error) error {
	return s.update(func(w writer) error {
		id, g, err := s.group(w, k)
		if err != nil {
			return err
		}
		if err := change(&g); err != nil {
			return err
		}
		g.GroupKey = k
		return putGroup(w, id, g)
	})
}

// DeleteGroup deletes a group with all its streams, or returns
// ErrGroupMissing. It returns at once; the space is reclaimed in the background.
func (s *Store) DeleteGroup(k GroupKey) error {
	err := s.update(func(w writer) error {
		id, err := groupID(w, k)
		if err != nil {
			return err
		}
		if err := w.delete(groupKey(k)); err != nil {
			return err
		}
		if err := w.delete(usageKey(id)); err != nil {
			return err
		}
		return w.put(tombKey('g', id), []byte{1})
	})
	if err == nil {
		s.jan.wake(s)
	}
	return err
}

// groupPage is how many groups an iterator reads at a time.
const groupPage = 64

// Groups are the groups of a region in ASCII order of their names, those after
// the given name. No lock is held while the loop's body runs: what it creates
// or deletes behind the current name is seen. An error, such as ErrClosed or a
// *CorruptError, is the last that the loop sees.
func (s *Store) Groups(region, after string) iter.Seq2[Group, error] {
	return func(yield func(Group, error) bool) {
		for {
			page := make([]Group, 0, groupPage)
			err := s.kv.view(func(r reader) (err error) {
				page, err = s.groupPage(r, region, after, page)
				return err
			})
			for _, g := range page {
				if !yield(g, nil) {
					return
				}
			}
			if err != nil {
				yield(Group{}, err)
				return
			}
			if len(page) < groupPage {
				return
			}
			after = page[len(page)-1].Name
		}
	}
}

func (s *Store) groupPage(r reader, region, behind string, page []Group) ([]Group, error) {
	prefix := groupPrefix(region)
	from := append(groupKey(GroupKey{region, behind}), 0)
	if behind == "" {
		from = prefix
	}
	var err error
	r.ascend(from, after(prefix), func(k, v []byte) bool {
		var g Group
		if _, g, err = s.parseGroup(r, GroupKey{region, string(k[len(prefix):])}, v); err == nil {
			page = append(page, g)
		}
		return err == nil && len(page) < groupPage
	})
	return page, err
}

// regions returns the regions that have groups.
func (s *Store) regions() (regions []string, err error) {
	err = s.kv.view(func(r reader) error {
		from, end := []byte{'g'}, []byte{'g' + 1}
		for found := true; found; {
			found = false
			r.ascend(from, end, func(k, _ []byte) bool {
				if len(k) >= 2 && len(k) >= 2+int(k[1]) {
					regions = append(regions, string(k[2:2+int(k[1])]))
					found = true
				}
				return false
			})
			if found {
				from = after(groupPrefix(regions[len(regions)-1]))
			}
		}
		return nil
	})
	return regions, err
}

// groupID returns the number of a group, which names its creation: a group
// that is deleted and created again has another.
func groupID(r reader, k GroupKey) (uint64, error) {
	v := r.get(groupKey(k))
	if len(v) < 8 {
		return 0, ErrGroupMissing
	}
	return binary.BigEndian.Uint64(v), nil
}

func (s *Store) group(r reader, k GroupKey) (id uint64, g Group, err error) {
	v := r.get(groupKey(k))
	if v == nil {
		return 0, Group{}, ErrGroupMissing
	}
	return s.parseGroup(r, k, v)
}

func (s *Store) parseGroup(r reader, k GroupKey, v []byte) (id uint64, g Group, err error) {
	if len(v) < 8 {
		return 0, Group{}, s.corrupt(fmt.Sprintf("log group %q", k.Name), errRecord)
	}
	if err := json.Unmarshal(v[8:], &g); err != nil {
		return 0, Group{}, s.corrupt(fmt.Sprintf("log group %q", k.Name), err)
	}
	id = binary.BigEndian.Uint64(v)
	g.GroupKey, g.StoredBytes = k, usage(r, id)
	return id, g, nil
}

func putGroup(w writer, id uint64, g Group) error {
	k := g.GroupKey
	// The key says these; the usage has a key of its own, since puts change it.
	g.GroupKey, g.StoredBytes, g.Tags = GroupKey{}, 0, maps.Clone(g.Tags)
	settings, err := json.Marshal(g)
	if err != nil {
		return err
	}
	return w.put(groupKey(k), append(binary.BigEndian.AppendUint64(nil, id), settings...))
}

func usage(r reader, group uint64) int64 {
	if v := r.get(usageKey(group)); len(v) == 8 {
		return int64(binary.BigEndian.Uint64(v))
	}
	return 0
}

// addUsage adds bytes to what the group's events take.
func addUsage(w writer, group uint64, bytes int64) error {
	total := max(0, usage(w, group)+bytes)
	return w.put(usageKey(group), binary.BigEndian.AppendUint64(nil, uint64(total)))
}
