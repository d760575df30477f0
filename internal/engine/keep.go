package engine

import (
	"fmt"

	"github.com/watchtower-go/watchtower/internal/batch"
	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/ledger"
)

// toDisk saves the events of a send, where there is a disk, and returns those
// that it did not take. Events that are on it already stay there; records of
// our own are kept for keepOwn.
func (o *owner) toDisk(s *send) []batch.Entry {
	entries := s.batch.Entries
	if o.spool == nil {
		return entries
	}
	var left []batch.Entry
	var saved ledger.Sum
	for len(entries) > 0 {
		n := recordLen(entries)
		record := entries[:n]
		entries = entries[n:]
		if record[0].Disk != 0 {
			continue
		}
		if e := s.batch.Event(&record[0]); e.Parts == cwl.Own {
			e.Fragment = append([]byte(nil), e.Fragment...)
			o.disk.own = append(o.disk.own, e)
			continue
		}
		events := make([]cwl.Event, n)
		for i := range record {
			events[i] = s.batch.Event(&record[i])
		}
		save := o.spool.AppendAll
		if s.lost {
			save = o.spool.AppendDoubtful
		}
		if _, err := save([][]cwl.Event{events}); err != nil {
			left = append(left, record...)
			continue
		}
		for _, e := range events {
			saved.Add(e.Time, e.Size, e.Level, e.Parts)
		}
	}
	o.ledger.Settle(ledger.Spooled, "", &saved)
	return left
}

// recordLen is the number of entries at the head that belong to one record.
func recordLen(entries []batch.Entry) int {
	n := 1
	for p := entries[0].Parts; p != nil && p != cwl.Own && n < len(entries) && entries[n].Parts == p; {
		n++
	}
	return n
}

// keepOwn is the end of the records that tell of losses, those included that
// are not written yet: they go to the disk, if there is one, for the next
// process to deliver.
func (o *owner) keepOwn() {
	if o.spool == nil {
		return
	}
	own := append(o.disk.own, o.composeGaps()...)
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
