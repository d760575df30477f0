//go:build chaos && unix

package chaos

import (
	"context"
	"fmt"
)

// disturb does one of the things that go wrong, and returns what ends it.
func (r *run) disturb() (undo func()) {
	switch n := r.rng.IntN(100); {
	case n < 22:
		return r.killServer()
	case n < 52:
		return r.disturbProxy()
	case n < 94:
		return r.disturbService()
	case n < 98:
		return r.remove((*run).oneStream)
	default:
		return r.remove((*run).everyStream)
	}
}

// killServer kills the server; it is back at the end.
func (r *run) killServer() (undo func()) {
	r.server.Kill(r.t)
	r.tally.serverKills++
	return func() { r.server = startServer(r.t, r.server.address, r.data) }
}

// disturbProxy makes the network bad.
func (r *run) disturbProxy() (undo func()) {
	r.tally.proxy++
	switch r.rng.IntN(6) {
	case 0: // cut
		r.proxy.set(mood{refuse: true})
		r.proxy.reset()
	case 1: // a black hole, which some connections survive
		r.proxy.set(mood{hold: true})
		if r.rng.IntN(2) == 0 {
			return func() { r.proxy.set(mood{}); r.proxy.reset() }
		}
	case 2: // answers get lost
		r.proxy.set(mood{mute: true})
	case 3:
		r.proxy.set(mood{delay: r.between(5, 150)})
	case 4: // bytes a second
		r.proxy.set(mood{rate: 5_000 + r.rng.IntN(200_000)})
	case 5: // reset, some times
		for range 1 + r.rng.IntN(4) {
			r.proxy.reset()
			pause(r.between(1, 60))
		}
	}
	return func() { r.proxy.set(mood{}) }
}

// disturbService sets one of the server's faults.
func (r *run) disturbService() (undo func()) {
	rules := []string{
		`{"kind": "throttle"}`,
		`{"kind": "throttle", "retryAfter": "1s", "times": 1}`,
		`{"kind": "throttle", "probability": 0.5, "seed": %d}`,
		`{"kind": "fail", "status": 500}`,
		`{"kind": "fail", "status": 503, "probability": 0.7, "seed": %d}`,
		`{"kind": "fail", "status": 429, "times": 2}`,
		`{"kind": "fail", "status": 502, "times": 2}`,
		`{"kind": "access-denied"}`,
		`{"kind": "expired-token", "times": 2}`,
		`{"kind": "delay", "delay": "150ms"}`,
		`{"kind": "delay", "delay": "5s", "times": 1}`,
		`{"kind": "reset", "times": 2}`,
		`{"kind": "reset-early", "probability": 0.3, "seed": %d}`,
		`{"kind": "reset-request", "times": 2}`,
		`{"kind": "reset-answer", "operation": "PutLogEvents", "times": 2}`,
		`{"kind": "lose-answer", "operation": "PutLogEvents", "times": 2}`,
		`{"kind": "lose-answer", "operation": "PutLogEvents", "probability": 0.3, "seed": %d}`,
		`{"kind": "clock-skew", "skew": "20m"}`,
		`{"kind": "clock-skew", "skew": "-40m", "times": 5}`,
	}
	if !r.untapped { // what is rejected is only known exactly with the tap
		rules = append(rules,
			`{"kind": "reject", "operation": "PutLogEvents", "tooOld": 2, "expired": 3, "tooNew": 1, "times": 3}`,
			`{"kind": "reject", "operation": "PutLogEvents", "tooNew": 5, "probability": 0.5, "seed": %d}`,
			`{"kind": "clock-skew", "skew": "-3h"}`,
			`{"kind": "clock-skew", "skew": "360h", "times": 6}`)
	}
	rule := rules[r.rng.IntN(len(rules))]
	if seed := r.rng.IntN(1000); rule[len(rule)-3:] == "%d}" {
		rule = fmt.Sprintf(rule, seed)
	}
	r.tally.service++
	r.server.fault(r.t, rule)
	return func() { r.server.fault(r.t, "") }
}

// remove deletes streams under the client. So that what goes with them is known
// to the event, the way is cut, and the server killed for what may be under way
// in it, before they are read for the last time.
func (r *run) remove(what func(*run, context.Context, []string) error) (undo func()) {
	r.proxy.set(mood{refuse: true})
	r.proxy.reset()
	r.restart()
	r.tally.serverKills++
	if streams := r.store.streams(r.t); len(streams) > 0 {
		ctx, cancel := context.WithTimeout(r.t.Context(), patience)
		defer cancel()
		if err := what(r, ctx, streams); err != nil {
			r.t.Fatal(err)
		}
		r.tally.deletions++
	}
	r.proxy.set(mood{})
	return func() {}
}

func (r *run) oneStream(ctx context.Context, streams []string) error {
	stream := streams[r.rng.IntN(len(streams))]
	r.store.keep(r.t, stream)
	return r.store.deleteStream(ctx, stream)
}

func (r *run) everyStream(ctx context.Context, streams []string) error {
	for _, stream := range streams {
		r.store.keep(r.t, stream)
	}
	return r.store.deleteGroup(ctx)
}
