//go:build chaos && unix

package chaos

import (
	"slices"
)

// copiesAreExplained: each copy of a record has a put of its own.
func (v *verdict) copiesAreExplained() {
	if v.untapped {
		return
	}
	for e, f := range v.fates {
		if !e.isGap() && f.copies > len(f.stored)+len(f.unknown) {
			v.wrong("each copy has its put", "%v: %d copies of %d puts, %d without an answer", e, f.copies, len(f.stored), len(f.unknown))
		}
	}
}

// repeatsAreFew: events that the service answered and that are on disk
// nevertheless, so that the next process sends them again, are those of puts
// under way at a kill: answered, and the kill came before the answer was noted
// on disk. And those of which a full disk took no note; duplicatesAreCounted
// has these of a process that ended in order.
func (v *verdict) repeatsAreFew(p *process) {
	left := v.left[p.life]
	var again []*put // answered and not noted, at least in part
	for _, u := range p.answers {
		if slices.ContainsFunc(slices.Concat(u.stored(), u.rejected()), func(e id) bool { _, there := left[e]; return there }) {
			again = append(again, u)
		}
	}
	switch {
	case v.full == "tmpfs" && p.killed:
		again = v.overtaken(p, again)
	case v.full == "tmpfs":
		return
	}
	if most := p.underWayAtTheEnd(); len(again) > most {
		v.wrong("only what is under way at a kill is sent again", "process %d (killed: %v): events of %d answered puts are on disk, %d could be under way", p.Process, p.killed, len(again), most)
	}
	if n := len(slices.DeleteFunc(slices.Clone(p.sends), func(u *put) bool { return !u.underWay() })); n > p.underWayAtTheEnd() {
		v.wrong("no more puts are under way than allowed", "process %d (killed: %v): %d", p.Process, p.killed, n)
	}
}

// underWayAtTheEnd is how many puts may be under way when the process ends.
func (p *process) underWayAtTheEnd() int {
	if !p.killed {
		return 0
	}
	return p.InFlight
}

// overtaken returns the puts for which it is no excuse that the disk was full.
// What a segment's acknowledgements have no room for is tried again, in order,
// with every answer. So what a kill leaves without is what was answered last
// for that segment; a put with a later one that is noted is not of these.
func (v *verdict) overtaken(p *process, again []*put) []*put {
	noted := map[string]int{} // by segment: the line of the last answer that is
	where := map[id]string{}  // of those that are not
	answered := map[id]int{}
	for _, u := range p.answers {
		for _, e := range slices.Concat(u.stored(), u.rejected()) {
			answered[e] = u.answered
		}
	}
	for _, e := range v.lives[p.life].disk {
		if e.isGap() {
			continue
		}
		if e.settled {
			noted[e.segment] = max(noted[e.segment], answered[e.id])
		} else {
			where[e.id] = e.segment
		}
	}
	return slices.DeleteFunc(again, func(u *put) bool {
		return !slices.ContainsFunc(slices.Concat(u.stored(), u.rejected()), func(e id) bool {
			segment, left := where[e]
			return left && u.answered < noted[segment]
		})
	})
}

// duplicatesAreCounted: each record that is there more than once was counted as
// a possible duplicate by the process that caused it, unless that was killed
// too early to tell.
func (v *verdict) duplicatesAreCounted() {
	if v.untapped {
		v.duplicatesAreBounded()
		return
	}
	caused, together := v.causes()
	var all int64
	for _, p := range v.processes {
		if p.last == nil {
			continue
		}
		n := caused[p]
		if !p.killed {
			n += v.unsaved(p)
		}
		if n > p.last.PossibleDuplicates {
			v.wrong("duplicates are counted", "process %d caused %d: %+v", p.Process, n, *p.last)
		}
		together += n
		all += p.last.PossibleDuplicates
	}
	if together > all {
		v.wrong("duplicates are counted", "%d records are there twice or will be, %d were counted as possible", together, all)
	}
}

// causes returns how many records are there more than once because a process
// lost an answer and told of it: by process, where no other can have caused
// it, and those that have several such causes.
func (v *verdict) causes() (caused map[*process]int64, several int64) {
	caused = map[*process]int64{}
	for e, f := range v.fates {
		if e.isGap() || f.copies < 2 {
			continue
		}
		if v.repeats[e] {
			v.explain(!slices.ContainsFunc(f.stored, func(u *put) bool { return u.process.killed }))
			continue
		}
		excused := slices.ContainsFunc(f.unknown, (*put).tooLateToCount)
		v.explain(!excused)
		switch {
		case len(f.unknown) == 0:
			v.wrong("a duplicate has a cause", "%v", e)
		case excused:
		case slices.ContainsFunc(f.unknown, func(u *put) bool { return u.process != f.unknown[0].process }):
			several++
		default:
			caused[f.unknown[0].process]++
		}
	}
	return caused, several
}

// explain notes how a duplicate came about.
func (v *verdict) explain(counted bool) {
	if counted {
		v.tally.counted++
	} else {
		v.tally.killed++
	}
}

// unsaved is the number of events that a process settled, and left on disk.
func (v *verdict) unsaved(p *process) (n int64) {
	for e := range p.account().settled {
		if _, there := v.left[p.life][e]; there {
			n++
		}
	}
	return n
}

// tooLateToCount tells of puts that were under way at a kill, or had failed so
// short before it that no ledger was written since.
func (u *put) tooLateToCount() bool {
	return u.process.killed && (u.underWay() || u.failed >= u.process.since || u.answered >= u.process.since)
}

// duplicatesAreBounded is all that can be said without the tap: what is there
// more often than once was counted; or it was in a batch of a process that was
// killed, which was under way then, and so is on disk, or had failed since the
// last ledger, and may have been sent again.
func (v *verdict) duplicatesAreBounded() {
	var settled, twice, counted, batches int64
	for e, f := range v.fates {
		if !e.isGap() && f.copies > 1 {
			if twice++; !v.leftByKill(e) {
				settled++
			}
		}
	}
	for _, p := range v.processes {
		if p.last != nil {
			counted += p.last.PossibleDuplicates
		}
		if p.killed {
			batches += int64(p.InFlight * p.Batch)
		}
	}
	if settled > counted+batches || twice > counted+2*batches {
		v.wrong("duplicates are counted", "%d records are there twice, %d of them settled at every kill; %d were counted as possible, %d may be under way at kills", twice, settled, counted, batches)
	}
}

// leftByKill reports whether a life with a kill in it left the record on disk.
func (v *verdict) leftByKill(e id) bool {
	return slices.ContainsFunc(v.processes, func(p *process) bool {
		_, left := v.left[p.life][e]
		return left && p.killed
	})
}
