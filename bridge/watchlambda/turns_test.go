package watchlambda

import (
	"testing"
	"time"
)

// Exactly one side flushes what a handler logged, whichever comes first and
// whatever fails.
func TestOneSideFlushesEachTurn(t *testing.T) {
	end := time.Unix(1700000000, 0)
	for _, c := range []struct {
		name string
		run  func(*turns) (taken bool)
		want bool
	}{
		{"the extension hears first", func(all *turns) bool {
			all.await("1")
			return all.end(all.begin("1", end))
		}, true},
		{"the handler ends before the extension hears", func(all *turns) bool {
			of := all.begin("1", end)
			taken := all.end(of)
			select {
			case <-all.await("1").ended:
			default:
				t.Error("the extension would wait for a handler that has ended")
			}
			return taken
		}, true},
		{"the extension waits no longer", func(all *turns) bool {
			of := all.begin("1", end)
			if got := all.leave(all.await("1")); got != end {
				t.Errorf("the deadline is %v, want %v", got, end)
			}
			return all.end(of)
		}, false},
		{"the extension waited in vain before the handler began", func(all *turns) bool {
			all.leave(all.await("1"))
			return all.end(all.begin("1", end))
		}, false},
		{"the extension ends in between", func(all *turns) bool {
			of := all.begin("1", end)
			all.close()
			return all.end(of)
		}, false},
		{"there is no extension any more", func(all *turns) bool {
			all.close()
			return all.end(all.begin("1", end))
		}, false},
	} {
		all := newTurns()
		if got := c.run(all); got != c.want {
			t.Errorf("%s: the extension flushes: %t, want %t", c.name, got, c.want)
		}
	}
	all := newTurns()
	all.end(all.begin("1", end))
	all.leave(all.await("1"))
	if len(all.byID) != 0 {
		t.Errorf("a turn that is over is kept: %v", all.byID)
	}
}

// Lambda calls an asynchronous invocation that has failed again, by the same id.
func TestRetryOfAnInvocationIsATurnOfItsOwn(t *testing.T) {
	end := time.Unix(1700000000, 0)
	for _, extensionFirst := range []bool{false, true} {
		all := newTurns()
		all.end(all.begin("1", end))
		all.leave(all.await("1"))
		var heard, of *turn
		if extensionFirst {
			heard = all.await("1")
		}
		of = all.begin("1", end)
		if !extensionFirst {
			heard = all.await("1")
		}
		if !all.end(of) || heard != of {
			t.Errorf("the extension first: %t: the extension waits for another turn", extensionFirst)
		}
	}
}
