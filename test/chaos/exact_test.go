//go:build chaos && unix

package chaos

import (
	"math"
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
}

// An account is what the puts of a process sum up to.
type account struct {
	stored   map[id]bool
	settled  map[id]bool // stored or rejected
	rejected int
	own      int  // gap records
	told     int  // losses that they tell of
	untold   bool // a gap record was rejected
}

func (p *process) account() account {
	sum := account{stored: map[id]bool{}, settled: map[id]bool{}}
	for _, u := range p.sends {
		for _, e := range u.stored() {
			if e.isGap() {
				sum.own++
				sum.told += e.n
				continue
			}
			sum.stored[e], sum.settled[e] = true, true
		}
		for _, e := range u.rejected() {
			if e.isGap() {
				sum.untold = true
				continue
			}
			sum.rejected++
			sum.settled[e] = true
		}
	}
	return sum
}

// gapsAddUp: the gap records that a life stored, and those that it left on disk,
// tell of every loss, and of those that the life before left on disk; except of
// records that were logged after Close. A rejected gap record tells nothing,
// nor does one that a full disk does not take. Without a spool it goes with a
// Close that runs out of time.
func (v *verdict) gapsAddUp(k int) {
	told, lost := v.gapsLeft(k), int64(0)
	if k > 0 {
		lost = v.gapsLeft(k - 1)
	}
	complete := v.full == ""
	for _, p := range v.lives[k].processes {
		if p.killed || v.untapped {
			return
		}
		sum := p.account()
		told += int64(sum.told)
		lost += p.final.Rejected + p.final.Dropped - p.final.Reasons[watchtower.ReasonClosed]
		complete = complete && !sum.untold && (p.inTime || v.run.spool)
	}
	if told < lost && complete || told > lost && v.full != "tmpfs" {
		v.wrong("gap records tell of every loss", "life %d: they tell of %d records, %d were lost: %+v", k, told, lost, *v.lives[k].processes[0].final)
	}
}

// gapsLeft is how many losses the gap records tell of that a life left on disk.
func (v *verdict) gapsLeft(k int) (losses int64) {
	for _, e := range v.lives[k].disk {
		if e.isGap() && !e.settled {
			losses += int64(e.n)
		}
	}
	return losses
}

// roomComesBack: a disk that was full takes records again when the service is
// well: at least as many as had filled it. How many more is a matter of how
// fast the machine is: the disk is so small that it fills anew every second,
// and is full then until what is on it is delivered.
func (v *verdict) roomComesBack() {
	if v.probe == nil {
		return
	}
	full := math.MaxInt // the line that tells of the first refusal
	for w, list := range v.probe.records {
		for n, r := range list {
			closed := slices.Contains(v.fates[id{v.probe.Process, w, n}].losses, watchtower.ReasonClosed)
			if r.refused && !closed {
				full = min(full, r.line)
			}
		}
	}
	if full == math.MaxInt {
		return // a slow machine, or one that delivers as fast as it logs
	}
	before, after, offered := 0, 0, 0
	for _, list := range v.probe.records {
		for _, r := range list {
			switch {
			case r.line < full && r.accepted:
				before++
			case r.line >= full:
				offered++
				if r.accepted {
					after++
				}
			}
		}
	}
	least := max(before, 1000)
	if offered < 2*least {
		return // the disk filled when the process was about to end
	}
	if after < least {
		v.wrong("a full disk has room again", "%d records were taken after the first refusal, want %d: %v", after, least, v.probe.errs)
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
