//go:build chaos && unix

package chaos

import (
	"fmt"
	"slices"

	"github.com/watchtower-go/watchtower"
)

// A verdict compares everything that is known of a run.
type verdict struct {
	*run
	fates map[id]*fate
	// By life: what it left on disk, with its place in the order of reading;
	// and what its processes know to be settled.
	left    []map[id]int
	settled []map[id]bool
	// repeats are events that are settled, and were left on disk nevertheless.
	repeats map[id]bool
	wrongs  map[string][]string // by claim
}

// A fate is what is known of one record.
type fate struct {
	record
	copies   int
	owner    *process
	losses   []string // reasons that Fallback heard
	rejected bool     // the service says so
	stored   []*put   // with an answer that says so
	unknown  []*put   // without an answer
}

// judge checks every claim; each that fails is an error with a few examples.
func (r *run) judge() {
	v := &verdict{run: r, fates: map[id]*fate{}, repeats: map[id]bool{}, wrongs: map[string][]string{}}
	v.gather()
	v.gatherLives()
	for k := range r.lives {
		v.diskIsSound(k)
		v.diskIsComplete(k)
		v.settledStaysSettled(k)
		v.diskAgrees(k)
		v.diskIsInOrder(k)
	}
	for _, p := range r.processes {
		v.linesAreSound(p)
		v.repeatsAreFew(p)
		if !p.killed {
			v.ledgerIsExact(p)
		}
	}
	for k := range r.lives {
		v.gapsAddUp(k)
	}
	v.nothingIsInvented()
	v.nothingIsLost()
	v.copiesAreExplained()
	v.duplicatesAreCounted()
	v.orderHolds()
	v.roomComesBack()
	if files := r.leftovers(); len(files) > 0 {
		v.wrong("the spool is empty in the end", "%q", files)
	}
	for claim, examples := range v.wrongs {
		text := fmt.Sprintf("NOT TRUE: %s: %d times, such as\n\t%s", claim, len(examples), joinFew(examples))
		r.t.Error(text)
		r.broken = append(r.broken, text)
	}
}

func (v *verdict) wrong(claim, format string, args ...any) {
	v.wrongs[claim] = append(v.wrongs[claim], fmt.Sprintf(format, args...))
}

func joinFew(examples []string) string {
	slices.Sort(examples)
	text := ""
	for _, e := range examples[:min(8, len(examples))] {
		text += e + "\n\t"
	}
	return text
}

// gather sorts what is known by record.
func (v *verdict) gather() {
	for _, p := range v.processes {
		for w, list := range p.records {
			for n, r := range list {
				v.fates[id{p.Process, w, n}] = &fate{record: r, owner: p}
			}
		}
	}
	for _, p := range v.processes {
		for _, l := range p.lost {
			f := v.fate(l.id)
			f.losses = append(f.losses, l.reason)
		}
		for _, u := range p.sends {
			v.gatherPut(u)
		}
		v.tally.puts += len(p.sends)
		v.tally.snapshots += p.snapshots
	}
	for e, n := range v.store.copies {
		v.fate(e).copies = n
	}
	v.tally.gaps = v.store.gaps
}

func (v *verdict) gatherPut(u *put) {
	for _, e := range u.stored() {
		v.fate(e).stored = append(v.fate(e).stored, u)
	}
	for _, e := range u.rejected() {
		v.fate(e).rejected = true
	}
	if u.unanswered() {
		for _, e := range u.events {
			v.fate(e).unknown = append(v.fate(e).unknown, u)
		}
	}
}

// fate returns what is known of a record, also of one that nobody logged.
func (v *verdict) fate(e id) *fate {
	f := v.fates[e]
	if f == nil {
		f = &fate{}
		v.fates[e] = f
	}
	return f
}

// nothingIsInvented: what is in the store was logged, and was not refused.
func (v *verdict) nothingIsInvented() {
	for e, f := range v.fates {
		if e.isGap() {
			continue
		}
		if f.copies > 0 && !f.tried {
			v.wrong("nothing is stored that nobody logged", "%v", e)
		}
		if f.copies > 0 && f.refused {
			v.wrong("nothing is stored that Handle refused", "%v", e)
		}
		if f.refused && len(f.losses) != 1 {
			v.wrong("Fallback gets what Handle refuses, once", "%v: %q", e, f.losses)
		}
		if len(f.losses) > 1 && !v.repeats[e] { // a repeat may be rejected twice
			v.wrong("a record is lost once", "%v: %q", e, f.losses)
		}
	}
}

// nothingIsLost: an accepted record is stored, or its loss was told, or it was
// in the memory of a process that was killed, which is never the case with
// SpoolAlways.
func (v *verdict) nothingIsLost() {
	gone := map[*process][]id{}
	for e, f := range v.fates {
		if e.isGap() || !f.tried {
			continue
		}
		v.tally.tried++
		if f.accepted {
			v.tally.accepted++
		} else if !f.refused && !f.owner.killed {
			v.wrong("Handle returns", "%v", e)
		}
		switch told := len(f.losses) > 0 || f.rejected; {
		case f.copies > 0:
			v.tally.delivered++
			if f.copies > 1 {
				v.tally.twice++
			}
		case f.rejected:
			v.tally.rejected++
		case told:
			v.tally.dropped++
		case !f.accepted: // the kill came before Handle had returned
		case f.owner.killed && !(v.run.spool && v.always == watchtower.SpoolAlways):
			v.tally.gone++
			gone[f.owner] = append(gone[f.owner], e)
		default:
			v.tally.lost++
			v.wrong("no accepted record is lost", "%v (process killed: %v, answered puts %d, unanswered %d)", e, f.owner.killed, len(f.stored), len(f.unknown))
		}
		if len(f.stored) > 0 && f.copies == 0 {
			v.wrong("a put that was answered is in the store", "%v", e)
		}
		if v.run.spool && v.always == watchtower.SpoolAlways && f.accepted && len(f.losses) > 0 && !f.rejected {
			v.wrong("with SpoolAlways nothing accepted is dropped", "%v: %q", e, f.losses)
		}
	}
	for p, records := range gone {
		v.goneWereInMemory(p, records)
	}
}

// goneWereInMemory: what goes with a kill was not settled and not on disk by
// the last ledger, or came later. A loss may be in that ledger and not told yet:
// it is counted first.
func (v *verdict) goneWereInMemory(p *process, records []id) {
	if p.last == nil {
		return // the kill came before the first
	}
	most := p.last.Pending + p.last.Dropped
	for _, l := range p.lost {
		if l.line < p.since && !v.fates[l.id].rejected {
			most--
		}
	}
	before := int64(0)
	for _, e := range records {
		if v.fates[e].line < p.since {
			before++
		}
	}
	if before > most {
		v.wrong("a kill takes only what was in memory", "process %d: %d records of before its last ledger are gone: %+v", p.Process, before, *p.last)
	}
}
