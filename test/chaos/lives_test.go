//go:build chaos && unix

package chaos

import (
	"slices"

	"github.com/watchtower-go/watchtower"
)

// gatherLives sorts what is known by life.
func (v *verdict) gatherLives() {
	for k, l := range v.lives {
		left, settled := map[id]int{}, map[id]bool{}
		for place, e := range l.disk {
			if !e.settled && !e.isGap() {
				left[e.id] = place
			}
		}
		for _, p := range l.processes {
			for _, u := range p.answers {
				for _, e := range slices.Concat(u.stored(), u.rejected()) {
					settled[e] = true
					if _, again := left[e]; again {
						v.repeats[e] = true
					}
				}
			}
			for _, lost := range p.lost {
				settled[lost.id] = true
			}
		}
		v.left, v.settled = append(v.left, left), append(v.settled, settled)
		if k == len(v.lives)-1 && len(left) > 0 {
			v.wrong("the spool is empty in the end", "%d events", len(left))
		}
	}
}

// before is what the life before k left on disk.
func (v *verdict) before(k int) map[id]int {
	if k == 0 {
		return nil
	}
	return v.left[k-1]
}

// diskIsSound: on disk is what was logged and not refused, once; and what was
// settled there does not come back.
func (v *verdict) diskIsSound(k int) {
	seen := map[id]bool{}
	for _, e := range v.lives[k].disk {
		if e.isGap() { // these have no names; gapsAddUp counts them
			continue
		}
		f := v.fates[e.id]
		switch {
		case f == nil || !f.tried:
			v.wrong("nothing is on disk that nobody logged", "%v", e.id)
			continue
		case f.refused:
			v.wrong("nothing is on disk that Handle refused", "%v", e.id)
		case seen[e.id]:
			v.wrong("a record is on disk once", "%v", e.id)
		}
		seen[e.id] = true
		if _, was := v.before(k)[e.id]; !e.settled && !was && f.owner.life < k {
			v.wrong("what is settled on disk does not come back", "%v: life %d", e.id, k)
		}
	}
}

// diskIsComplete: what was on disk when a life began is settled when it ends,
// or there still; with SpoolAlways, what it accepted as well.
func (v *verdict) diskIsComplete(k int) {
	if v.untapped || !v.run.spool { // without the tap nobody knows what is settled
		return
	}
	has := func(e id) bool {
		_, left := v.left[k][e]
		return left || v.settled[k][e]
	}
	for e := range v.before(k) {
		if !has(e) {
			v.wrong("what is on disk stays until it is settled", "%v: life %d", e, k)
		}
	}
	if v.always != watchtower.SpoolAlways {
		return
	}
	for e, f := range v.fates {
		if f.accepted && f.owner.life == k && !has(e) {
			v.wrong("what SpoolAlways accepts is on disk until it is settled", "%v: life %d", e, k)
		}
	}
}

// settledStaysSettled: a process sends its own records, each only until it is
// answered, and those that the life before left on disk.
func (v *verdict) settledStaysSettled(k int) {
	for _, p := range v.lives[k].processes {
		answered := map[id]int{} // the line of the first answer
		for _, u := range p.answers {
			for _, e := range slices.Concat(u.stored(), u.rejected()) {
				if answered[e] == 0 {
					answered[e] = u.answered
				}
			}
		}
		for _, u := range p.sends {
			for _, e := range u.events {
				if e.isGap() {
					continue
				}
				if _, left := v.before(k)[e]; e.process != p.Process && !left {
					v.wrong("what is settled is not sent again", "%v: by process %d", e, p.Process)
				}
				if line := answered[e]; line > 0 && u.sent > line {
					v.wrong("what is settled is not sent again", "%v: by its process %d, line %d, answered at %d", e, p.Process, u.sent, line)
				}
			}
		}
	}
}

// diskAgrees: the ledgers of a life say to the record what it found on disk and
// what it left there. The ledger of a process that was killed is not its last.
func (v *verdict) diskAgrees(k int) {
	var found, spooled, possible int64
	killed := false
	for _, p := range v.lives[k].processes {
		killed = killed || p.killed
		if p.last != nil {
			found += p.last.Recovered
			spooled += p.last.Spooled
			possible += p.last.PossibleDuplicates
		}
	}
	before, left := int64(len(v.before(k))), int64(len(v.left[k]))
	if found > before || !killed && found < before {
		v.wrong("what is left on disk is recovered", "life %d left %d records, the next found %d", k-1, before, found)
	}
	if killed {
		return
	}
	unsaved := left - spooled // settled, but the disk took no note of it
	if !v.untapped {
		for e := range v.left[k] {
			if v.settled[k][e] {
				unsaved--
			}
		}
		possible = 0
	}
	if unsaved < 0 || unsaved > possible {
		v.wrong("the ledger equals the disk", "life %d: %d records are there, Spooled is %d; %d are settled too many", k, left, spooled, unsaved)
	}
}
