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
	"allocations": "They are made a request, whatever is in it, most of them by the signer and by net/http: the longer the records are, the fewer of them " +
		"share a request. See what limits us, at the end.",
	"outage memory": "About 15 MiB are the full queue (`QueueBytes` is 16), 13 pages of program code, 5 the Go runtime's own. A few batches of a MiB " +
		"each are made while the queue fills; with gzip each sender has its tables, 0.8 MiB, and a buffer. A collector that looks twice " +
		"as often (GOGC=50) takes 1 MiB less. A smaller `QueueBytes` makes it less.",
	"spool": "What is logged has to be with the operating system before the call returns. On Linux it is copied into a mapped file; elsewhere, and where a file cannot " +
		"be mapped, it is a write(2) for some records each, which is half of what this costs then. The rest is reading back what is no longer in memory, and making and removing files.",
	"quiet": "Most of it is pages of the program's file that are read for the first time: code of net/http and the SDK, and more than that Go's tables about it. The SDK takes nearly as much when it is used by hand; see the " +
		"table. Memory of the process's own is the smaller part.",
}

// unmet lists the goals that are not met, with what was measured, and says of
// those with the same reason why.
func (r *results) unmet() string {
	var order []string
	byReason, none := map[string][]string{}, "No goal was measured.\n"
	for _, g := range goals {
		f := g.value(r)
		if f.ok() {
			none = "All goals that were measured are met.\n"
		}
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
	return cmp.Or(b.String(), none)
}
