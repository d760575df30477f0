package engine

import (
	"fmt"
	"slices"

	"github.com/watchtower-go/watchtower/internal/batch"
	"github.com/watchtower-go/watchtower/internal/cwl"
)

// A relic is an event that nobody will send any more.
type relic struct {
	send   *send
	entry  int // in its batch
	record int // events of one record have the same number
}

// toDisk saves the events of sends, where there is a disk: each record whole, in
// however many sends its events stand, and all with few writes. It returns the
// entries that the disk did not take, by send, and why. Events that are on it
// already stay there; records of our own are kept for keepOwn.
func (o *owner) toDisk(sends []*send) (left map[*send][]batch.Entry, err error) {
	left = make(map[*send][]batch.Entry)
	if o.spool == nil {
		for _, s := range sends {
			left[s] = s.batch.Entries
		}
		return left, nil
	}
	relics := o.relics(sends)
	o.disk.full = false // it is asked once more
	for len(relics) > 0 {
		n := sameDoubt(relics)
		some, cause := o.saveRelics(relics[:n])
		for _, r := range some {
			left[r.send] = append(left[r.send], r.send.batch.Entries[r.entry])
		}
		if relics = relics[n:]; err == nil && cause != nil {
			err = NewDiskError(cause)
		}
	}
	return left, err
}

// sameDoubt is how many relics at the head, in whole records, have in common that
// an answer was lost for them, or that none was.
func sameDoubt(relics []relic) int {
	lost, n := false, 0
	for n < len(relics) {
		doubt, end := false, n
		for end < len(relics) && relics[end].record == relics[n].record {
			doubt = doubt || relics[end].send.lost
			end++
		}
		if n > 0 && doubt != lost {
			break
		}
		lost, n = doubt, end
	}
	return n
}

// saveRelics appends whole records to the disk, and returns what it did not take.
func (o *owner) saveRelics(relics []relic) (left []relic, err error) {
	events := make([]cwl.Event, len(relics))
	var records [][]cwl.Event
	var first []int // of each record
	save := o.spool.AppendAll
	for i, r := range relics {
		events[i] = r.send.batch.Event(&r.send.batch.Entries[r.entry])
		if i == 0 || r.record != relics[i-1].record {
			first = append(first, i)
		}
		if r.send.lost {
			save = o.spool.AppendDoubtful // all of them are
		}
	}
	first = append(first, len(relics))
	for i := range first[1:] {
		records = append(records, events[first[i]:first[i+1]])
	}
	o.append(save, records, func(i int, cause error) {
		left = append(left, relics[first[i]:first[i+1]]...)
		if err == nil {
			err = cause
		}
	})
	return left, err
}

// relics are the events of sends that are to be saved, by record, in the order
// of their first events.
func (o *owner) relics(sends []*send) (all []relic) {
	split := make(map[*cwl.Parts]int) // the numbers of records of several events
	for _, s := range sends {
		for i := range s.batch.Entries {
			entry := &s.batch.Entries[i]
			if entry.Disk != 0 {
				continue
			}
			if entry.Parts == cwl.Own {
				e := s.batch.Event(entry)
				e.Fragment = append([]byte(nil), e.Fragment...)
				o.disk.own = append(o.disk.own, e)
				continue
			}
			record := len(all)
			if first, known := split[entry.Parts]; known {
				record = first
			} else if entry.Parts != nil {
				split[entry.Parts] = record
			}
			all = append(all, relic{s, i, record})
		}
	}
	slices.SortStableFunc(all, func(a, b relic) int { return a.record - b.record })
	return all
}

// keepOwn is the end of the records that tell of losses, those included that
// are not written yet: they go to the disk, if there is one, for the next
// process to deliver.
func (o *owner) keepOwn() {
	if o.spool == nil {
		return
	}
	own := slices.Concat(o.disk.own, o.composeGaps(), o.composeNotes(true))
	if len(own) == 0 {
		return
	}
	if err := o.spool.AppendOwn(own); err != nil {
		o.report.disk(fmt.Errorf("keep the records that tell of losses: %w", err))
	}
}

// closeDisk leaves what is on disk to the next process.
func (o *owner) closeDisk() {
	if o.spool == nil {
		return
	}
	if err := o.spool.Close(); err != nil {
		o.report.disk(err)
	}
	if n := o.spool.Unsaved(); n > 0 { // the next process sends them again
		o.ledger.Repeat(n)
	}
}
