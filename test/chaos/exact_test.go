//go:build chaos && unix

package chaos

import (
	"slices"

	"github.com/watchtower-go/watchtower"
)

// linesAreSound: every ledger balanced, and every process that was asked to
// end wrote its last one.
func (v *verdict) linesAreSound(p *process) {
	for _, w := range p.wrong {
		v.wrong("every ledger balances", "process %d: %s", p.Process, w)
	}
	if !p.killed && p.final == nil {
		v.t.Fatalf("process %d wrote no last ledger: %s", p.Process, p.stderr.String())
	}
}

// ledgerIsExact: the last ledger of a process says to the record what its puts
// and Fallback say.
func (v *verdict) ledgerIsExact(p *process) {
	s := p.final
	is := func(what string, have int64, want int) {
		if have != int64(want) {
			v.wrong("the ledger is exact", "process %d: %s is %d, want %d: %+v", p.Process, what, have, want, *s)
		}
	}
	tried := 0
	for _, list := range p.records {
		tried += len(list)
	}
	is("Accepted", s.Accepted, tried)
	is("Pending", s.Pending, 0)
	is("Rejected+Dropped", s.Rejected+s.Dropped, len(p.lost))
	if !v.run.spool {
		is("Spooled", s.Spooled, 0)
	}
	if v.untapped {
		return
	}
	sum := p.account()
	is("Delivered", s.Delivered, len(sum.stored))
	is("Own", s.Own, sum.own)
	is("Rejected", s.Rejected, sum.rejected)
	v.storeHasIt(p, s)
	v.gapsAddUp(p, sum)
}

// An account is what the puts of a process sum up to.
type account struct {
	stored   map[id]bool
	rejected int
	own      int  // gap records
	told     int  // losses that they tell of
	untold   bool // a gap record was rejected
}

func (p *process) account() account {
	sum := account{stored: map[id]bool{}}
	for _, u := range p.sends {
		for _, e := range u.stored() {
			if e.isGap() {
				sum.own++
				sum.told += e.n
				continue
			}
			sum.stored[e] = true
		}
		for _, e := range u.rejected() {
			if e.isGap() {
				sum.untold = true
				continue
			}
			sum.rejected++
		}
	}
	return sum
}

// gapsAddUp: the gap records of a process tell of every loss, except of records
// that were logged after Close; unless Close ran out of time, or the service
// rejected one. Through a spool one process may tell of what others have lost.
func (v *verdict) gapsAddUp(p *process, sum account) {
	s := p.final
	lost := s.Rejected + s.Dropped - s.Reasons[watchtower.ReasonClosed]
	others := int64(0)
	for _, q := range v.processes {
		if v.run.spool && q != p {
			others += int64(len(q.lost))
		}
	}
	if told := int64(sum.told); told > lost+others || told < lost && p.inTime && s.Spooled == 0 && !sum.untold {
		v.wrong("gap records tell of every loss", "process %d: they tell of %d records, %d were lost: %+v", p.Process, told, lost, *s)
	}
}

// roomComesBack: a disk that was full takes records again when the service has
// been well for a while. Not all: it is so small that it fills anew every second
// and is full then until what is on it is delivered.
func (v *verdict) roomComesBack() {
	if v.probe == nil {
		return
	}
	for w, list := range v.probe.records {
		taken, open := 0, 0
		for n := len(list) - 1; n >= 0 && open < 1000; n-- {
			f := v.fates[id{v.probe.Process, w, n}]
			if f.refused && slices.Contains(f.losses, watchtower.ReasonClosed) {
				continue
			}
			if open++; f.accepted {
				taken++
			}
		}
		if taken < open/2 || open < 1000 {
			v.wrong("a full disk has room again", "worker %d: %d of the last %d records were taken: %v", w, taken, open, v.probe.errs)
		}
	}
}

// storeHasIt: without a spool, the store has what the ledger says, to the
// record. Records that were dropped at a Close whose time was up, with their
// answer lost, may be there; they are counted as possible duplicates.
func (v *verdict) storeHasIt(p *process, s *watchtower.Stats) {
	if v.run.spool {
		return
	}
	var there, both int64
	for w, list := range p.records {
		for n := range list {
			f := v.fates[id{p.Process, w, n}]
			if f.copies == 0 {
				continue
			}
			there++
			if len(f.losses) > 0 {
				both++
			}
		}
	}
	if there-both != s.Delivered {
		v.wrong("the ledger equals the store", "process %d: %d records are there, and %d that were dropped; Delivered is %d", p.Process, there-both, both, s.Delivered)
	}
	if both > s.PossibleDuplicates {
		v.wrong("the ledger equals the store", "process %d: %d dropped records are there, %d were counted as possible", p.Process, both, s.PossibleDuplicates)
	}
}

// recoveryIsExact: a process finds on disk what the one before left there.
func (v *verdict) recoveryIsExact(i int) {
	if i == 0 || v.processes[i-1].killed || !v.processes[i-1].alone || !v.processes[i].alone {
		return
	}
	before := v.processes[i-1]
	left, found := before.final.Spooled, v.processes[i].final.Recovered
	if left != found && !(before.ackFailed && left < found) {
		v.wrong("what is left on disk is recovered", "process %d left %d records, the next found %d", i, left, found)
	}
}
