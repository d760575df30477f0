//go:build chaos && unix

package chaos

import (
	"fmt"
	"slices"

	"github.com/watchtower-go/watchtower"
)

// diskIsInOrder: with SpoolAlways a worker's records stand on disk in the order
// in which they were logged. With SpoolOnFailure those of a stream and a
// millisecond do, in two parts: what flowed over, and then what Close saved. A
// kill saves nothing.
func (v *verdict) diskIsInOrder(k int) {
	type line struct {
		process, worker int
		stream          string
		ms              int64
	}
	last, back := map[line]id{}, map[line]int{}
	for _, e := range v.lives[k].disk {
		most := 0
		if e.isGap() {
			continue
		}
		key := line{process: e.process, worker: e.worker}
		if v.always != watchtower.SpoolAlways {
			key.stream, key.ms = e.stream, e.ms
			if f := v.fates[e.id]; f != nil && f.owner != nil && !f.owner.killed {
				most = 1
			}
		}
		if before, ok := last[key]; ok && before.n >= e.n {
			if back[key]++; back[key] > most {
				v.wrong("a worker's records are on disk in order", "%v after %v, life %d", e.id, before, k)
			}
		}
		last[key] = e.id
	}
}

// orderHolds: the records of a worker stand in a stream in the order in which
// they were logged. Those that are there more than once do for the first time,
// which may have been in a stream of that name before it was deleted. The service
// sorts by time, so it is a matter of those of one millisecond.
func (v *verdict) orderHolds() {
	type line struct {
		process, worker int
		ms              int64
	}
	type place struct {
		stream string
		id
	}
	seen := map[place]bool{}
	for _, r := range v.store.readings {
		lines := map[line][]id{}
		for _, e := range r.events {
			key, at := line{e.process, e.worker, e.ms}, place{r.stream, e.id}
			if e.isGap() || seen[at] {
				continue
			}
			seen[at] = true
			for _, before := range lines[key] {
				if !v.mayFollow(before, e.id) {
					v.wrong("a worker's records are in order", "%v (%s) after %v (%s)", e.id, v.fates[e.id].way(), before, v.fates[before].way())
				}
			}
			lines[key] = append(lines[key], e.id)
		}
	}
}

// mayFollow reports whether b may stand behind a. With SpoolOnFailure, what
// another process delivers comes in the order of the disk (docs/spool-format.md):
// what Close saved stands there behind what had flowed over before. And what a
// full disk does not take stays in memory, and may overtake what is on it.
func (v *verdict) mayFollow(a, b id) bool {
	if !v.run.spool || v.always == watchtower.SpoolAlways {
		return a.n < b.n
	}
	fa, fb := v.fates[a], v.fates[b]
	if v.full != "" {
		return true
	}
	if fa.owner == nil || fb.owner == nil {
		return true // invented, which another claim tells
	}
	left := v.left[fa.owner.life]
	placeA, diskA := left[a]
	placeB, diskB := left[b]
	if diskA && diskB {
		// The owner may have stored one of them, and been killed or given up
		// before it knew, or before it noted that on disk.
		byOwner := v.repeats[a] || v.repeats[b] || fa.unknownTo(fa.owner) || fb.unknownTo(fa.owner)
		return placeA < placeB || byOwner && a.n < b.n
	}
	return a.n < b.n
}

// unknownTo reports whether the process sent the record and read no answer.
func (f *fate) unknownTo(p *process) bool {
	return slices.ContainsFunc(f.unknown, func(u *put) bool { return u.process == p })
}

// way says how a record came into the store.
func (f *fate) way() string {
	text := ""
	for _, u := range slices.Concat(f.stored, f.unknown) {
		text += fmt.Sprintf("process %d put line %d, %d events, answered at line %d with %d; ", u.process.Process, u.sent, len(u.events), u.answered, u.status)
	}
	return text
}
