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
	fates  map[id]*fate
	wrongs map[string][]string // by claim
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
	v := &verdict{run: r, fates: map[id]*fate{}, wrongs: map[string][]string{}}
	v.gather()
	v.nothingIsInvented()
	v.nothingIsLost()
	v.copiesAreExplained()
	v.duplicatesAreCounted()
	v.orderHolds()
	v.roomComesBack()
	for i, p := range r.processes {
		v.linesAreSound(p)
		if !p.killed {
			v.ledgerIsExact(p)
			v.recoveryIsExact(i)
		}
	}
	if files := r.leftovers(); len(files) > 0 {
		v.wrong("the spool is empty in the end", "%q", files)
	}
	for claim, examples := range v.wrongs {
		r.t.Errorf("NOT TRUE: %s: %d times, such as\n\t%s", claim, len(examples), joinFew(examples))
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
		// With a full disk, the kill may have come before the failure was told.
		p.ackFailed = p.ackFailed || p.killed && v.full == "tmpfs"
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
		if len(f.losses) > 1 {
			v.wrong("a record is lost once", "%v: %q", e, f.losses)
		}
	}
}

// nothingIsLost: an accepted record is stored, or its loss was told, or it was
// in the memory of a process that was killed, which is never the case with
// SpoolAlways.
func (v *verdict) nothingIsLost() {
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
}

// copiesAreExplained: each copy of a record has a put of its own, and a put is
// only repeated when its answer was lost or its process killed.
func (v *verdict) copiesAreExplained() {
	if v.untapped {
		return
	}
	for e, f := range v.fates {
		if e.isGap() {
			continue
		}
		if f.copies > len(f.stored)+len(f.unknown) {
			v.wrong("each copy has its put", "%v: %d copies of %d puts, %d without an answer", e, f.copies, len(f.stored), len(f.unknown))
		}
		for _, u := range f.stored {
			if sentAfter(f, u) && !u.process.endedBefore(u) {
				v.wrong("what is answered is not sent again", "%v: by process %d", e, u.process.Process)
			}
		}
	}
}

// sentAfter reports whether the record was sent again after u was answered.
func sentAfter(f *fate, u *put) bool {
	later := func(o *put) bool {
		if o == u {
			return false
		}
		if o.process != u.process {
			return o.process.Process > u.process.Process
		}
		return o.sent > u.answered
	}
	return slices.ContainsFunc(f.stored, later) || slices.ContainsFunc(f.unknown, later)
}

// endedBefore reports whether the kill may have come before the library could
// note the answer: it is among the last ones.
func (p *process) endedBefore(u *put) bool {
	last := len(p.answers) - p.InFlight
	return p.killed && slices.Index(p.answers, u) >= last || p.ackFailed
}

// duplicatesAreCounted: what is stored twice, with no killed process to explain
// it, is within what the others counted as possible duplicates.
func (v *verdict) duplicatesAreCounted() {
	var counted, inFlight int64
	for _, p := range v.processes {
		switch {
		case !p.killed:
			counted += p.final.PossibleDuplicates
		case p.last != nil:
			inFlight += p.last.PossibleDuplicates
			fallthrough
		default: // in flight at the kill, and lost since the last line
			inFlight += 2 * int64(p.InFlight*p.Batch)
		}
		if p.ackFailed { // nobody knows how many
			inFlight += int64(len(v.fates))
		}
	}
	var twice, most int64
	for e, f := range v.fates {
		if e.isGap() || f.copies < 2 {
			continue
		}
		twice++
		if !slices.ContainsFunc(slices.Concat(f.unknown, f.stored), (*put).mayRepeat) {
			most++
		}
	}
	if !v.untapped && most > counted {
		v.wrong("duplicates are counted", "%d records are there twice, %d were counted as possible", most, counted)
	}
	if twice > counted+inFlight {
		v.wrong("duplicates are counted", "%d records are there twice, %d were counted as possible, %d in flight at kills", twice, counted, inFlight)
	}
}

// mayRepeat tells of puts that another process repeats without counting them:
// the kill came before their answer was noted on disk, or a full disk took no
// note of it.
func (u *put) mayRepeat() bool { return u.process.killed || u.process.ackFailed }

// orderHolds: the records of a worker stand in a stream in the order in which
// they were logged, those that were sent more than once apart.
func (v *verdict) orderHolds() {
	for _, events := range v.store.readings {
		last := map[[2]int]id{}
		for _, e := range events {
			if e.isGap() || v.fates[e].copies != 1 || len(v.fates[e].unknown) > 0 {
				continue
			}
			if v.closedLate(e) {
				continue
			}
			key := [2]int{e.process, e.worker}
			if before, ok := last[key]; ok && before.n > e.n {
				v.wrong("a worker's records are in order", "%v (%s) after %v (%s)", e, v.fates[e].way(), before, v.fates[before].way())
			}
			last[key] = e
		}
	}
}

// closedLate tells of records that SpoolOnFailure wrote to disk at the end of
// their process: they come behind those of the same millisecond that had flowed
// over to the disk before.
func (v *verdict) closedLate(e id) bool {
	f := v.fates[e]
	other := func(u *put) bool { return u.process != f.owner }
	return v.run.spool && v.always != watchtower.SpoolAlways && (v.untapped || slices.ContainsFunc(f.stored, other))
}

// way says how a record came into the store.
func (f *fate) way() string {
	text := ""
	for _, u := range f.stored {
		text += fmt.Sprintf("process %d put line %d, %d events, answered at line %d; ", u.process.Process, u.sent, len(u.events), u.answered)
	}
	return text
}
