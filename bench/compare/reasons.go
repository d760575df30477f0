package main

import (
	"cmp"
	"fmt"
	"strings"
)

// reasons say why a goal is not met. They stand on the page only while it is not,
// beside the number of the last run: there are none in them that a run would change.
var reasons = map[string]string{
	"cpu plain": "All that delivering needs, from the queue to the SDK, has to fit into what our formatting saves; without a source to " +
		"find there is less to save. The steps below show where it goes.",
	"allocations": "They are the SDK's, 300 to 350 a request whatever is in it: the longer the records are, the fewer of them share a " +
		"request. See what limits us, at the end.",
	"outage memory": "The program itself, with the SDK in it, takes about as much as the full queue (`QueueBytes`, 16 MiB); beside these the " +
		"garbage collector lets the heap grow before it looks, up to twice of what is alive. A smaller `QueueBytes` makes it less.",
	"spool": "In a profile of 8 goroutines (November 2026) appending took 31 % of all CPU time, half of that in write(2), which those who log at the same " +
		"time share; reading the events back took 9 %.",
	"quiet": "What of it the SDK's first request brings along was not measured apart; the memory of the queue and of batches is given " +
		"up ten seconds after each.",
}

// unmet lists the goals that are not met, with what was measured, and says of
// those with the same reason why.
func (r *results) unmet() string {
	var order []string
	byReason := map[string][]string{}
	for _, g := range goals {
		f := g.value(r)
		if !strings.HasPrefix(g.verdict(f), notMet) {
			continue
		}
		name, measured := fmt.Sprintf("Goal %d: ", g.number), g.text(f.median)
		if g.number > 8 {
			name = "More: "
		}
		if g.rule == each {
			measured = "up to " + g.text(f.high)
		}
		if byReason[g.why] == nil {
			order = append(order, g.why)
		}
		if len(byReason[g.why]) > 0 {
			name = ""
		}
		byReason[g.why] = append(byReason[g.why], fmt.Sprintf("%s%s: %s instead of %s %s", name, g.what, measured, signs[g.rule], g.text(g.bound)))
	}
	var b strings.Builder
	for _, why := range order {
		fmt.Fprintf(&b, "- **%s.** %s\n", strings.Join(byReason[why], "; "), cmp.Or(reasons[why], "Why is not known yet."))
	}
	return cmp.Or(b.String(), "Nothing of what was measured.\n")
}
