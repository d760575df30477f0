package cwlocal

import (
	"bytes"
	"slices"
	"strings"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
	"github.com/watchtower-go/watchtower/cwlocal/internal/wire"
)

// putOperation is the operation whose events some faults look at.
const putOperation = "PutLogEvents"

// A faultTarget is what faults look at in a call.
type faultTarget struct {
	op     string
	early  bool          // the body has not been read
	group  string        // empty if the call has none, or no fault asks
	events []store.Event // of a put that can be stored; nil if no fault asks
}

// target returns the call as faults see it. The body is read for it only when
// some fault asks for what is in there.
func (c *call) target() *faultTarget {
	t := &faultTarget{op: c.op}
	if c.faults.any(func(a *activeFault) bool { return a.Group != "" }) {
		t.group = c.groupForFaults()
	}
	if c.op == putOperation && c.faults.any(func(a *activeFault) bool { return a.kind.puts || a.kind.stored }) {
		again := *c
		again.body = slices.Clone(c.body) // reading unescapes in place
		if in, err := again.readPut(); err == nil {
			if _, _, err := again.checkPut(in); err == nil {
				t.events = in.events
			}
		}
	}
	return t
}

// groupForFaults finds the group that a request is about, by name or by ARN. It
// is empty where there is none, or where the body cannot be read.
func (c *call) groupForFaults() (name string) {
	again := *c
	again.body = slices.Clone(c.body) // reading unescapes in place
	err := again.decode(func(member string, d *wire.Decoder) bool {
		switch member {
		case "logGroupName", "logGroupIdentifier", "resourceArn", "resourceIdentifier":
			if s := d.String(); s != nil {
				name = *s
			}
			return true
		}
		return false
	})
	if err != nil {
		return ""
	}
	if key, ok := c.groupOf(strings.TrimSuffix(name, ":*")); ok {
		return key.Name
	}
	return name
}

// fits reports whether a fault is for this call, dice aside.
func (t *faultTarget) fits(a *activeFault) bool {
	if a.kind.early != t.early || a.Operation != "" && a.Operation != t.op || a.Group != "" && a.Group != t.group {
		return false
	}
	// The first put to a stream that is yet to be made is refused by itself: it
	// must not use up the one turn of a rule that is about what is stored.
	stored := len(t.events) > 0
	switch a.Kind {
	case FaultReject:
		return stored
	case FaultLoseAnswer, FaultResetAnswer:
		return stored || t.op != putOperation
	case FaultMaxEvent:
		return t.oversize(a.Bytes) > 0
	case FaultPoison:
		return slices.ContainsFunc(t.events, func(e store.Event) bool { return bytes.Contains(e.Message, []byte(a.Text)) })
	}
	return true
}

// oversize returns the size of the first event above a limit, 0 without one.
func (t *faultTarget) oversize(limit int) int {
	for i := range t.events {
		if size := len(t.events[i].Message) + eventOverhead; size > limit {
			return size
		}
	}
	return 0
}
