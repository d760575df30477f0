//go:build chaos && unix

package chaos

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A put is one request of a tapped client.
type put struct {
	process *process
	events  []id
	status  int // 0: none was read
	// When it was sent and answered, or failed for want of a whole answer, in
	// lines of its process; 0: never.
	sent, answered, failed int
	// What was rejected: the events before old and those from fresh on.
	old, fresh int
}

// stored returns the events that the answer says are stored.
func (u *put) stored() []id {
	if u.answered == 0 || u.status != 200 {
		return nil
	}
	old, fresh := u.bounds()
	return u.events[old:fresh]
}

// rejected returns the events that the answer says are not.
func (u *put) rejected() []id {
	if u.answered == 0 || u.status != 200 {
		return nil
	}
	old, fresh := u.bounds()
	return slices.Concat(u.events[:old], u.events[fresh:])
}

// bounds returns where the stored events begin and end.
func (u *put) bounds() (old, fresh int) {
	old, fresh = min(u.old, len(u.events)), len(u.events)
	if u.fresh >= 0 {
		fresh = min(u.fresh, fresh)
	}
	return old, max(old, fresh)
}

// unanswered tells that the events may be stored for all that its process knew:
// it read no answer, the status of a proxy that lost one, or a success that
// broke off. Other answers that break off say by their status that nothing is.
func (u *put) unanswered() bool {
	return u.status == 0 || u.status == 502 || u.status == 504 || u.failed > 0 && u.status/100 == 2
}

// underWay tells that the kill came before the put had ended either way.
func (u *put) underWay() bool { return u.answered+u.failed == 0 }

func (p *process) noteSend(rest string) error {
	fields := strings.Fields(rest)
	number, err := strconv.Atoi(fields[0])
	if err != nil {
		return err
	}
	u := p.put(number)
	u.sent = p.lines
	for _, f := range fields[1:] {
		e, err := parseID(f)
		if err != nil {
			return err
		}
		u.events = append(u.events, e)
	}
	p.sends = append(p.sends, u)
	return nil
}

// put returns the one of that number. Its line may come after those of its end:
// the end of the body is read beside the answer. Without that line the body was
// not read whole, and nothing is stored.
func (p *process) put(number int) *put {
	u := p.byNumber[number]
	if u == nil {
		u = &put{process: p}
		p.byNumber[number] = u
	}
	return u
}

func (p *process) noteAnswer(rest string) error {
	var number, status, old, expired, fresh int
	if _, err := fmt.Sscan(rest, &number, &status, &old, &expired, &fresh); err != nil {
		return err
	}
	u := p.put(number)
	u.answered, u.status, u.old, u.fresh = p.lines, status, max(old, expired, 0), fresh
	p.answers = append(p.answers, u)
	return nil
}

func (p *process) noteFailure(rest string) error {
	var number, status int
	if _, err := fmt.Sscan(rest, &number, &status); err != nil {
		return err
	}
	u := p.put(number)
	u.failed, u.status = p.lines, status
	return nil
}
