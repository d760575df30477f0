//go:build chaos && unix

package chaos

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// A tally is the figures of a run, or of several.
type tally struct {
	mode                     string
	clientKills, serverKills int
	graceful                 int // clients that ended by themselves
	proxy, service           int // faults
	deletions                int
	tried, accepted          int
	delivered                int // records that are, or were, in the store
	twice                    int // of these, more than once
	counted                  int // of those, by a process that lost an answer or noted none on a full disk
	killed                   int // of those, under way at a kill or failed just before; with neither the tap was off
	rejected, dropped        int
	gone                     int // accepted records that a kill took out of memory
	lost                     int // accepted records with no trace: must be none
	gaps                     int // gap records in the store
	puts, snapshots          int
	took                     time.Duration
}

// add sums up.
func (a *tally) add(b tally) {
	a.clientKills += b.clientKills
	a.serverKills += b.serverKills
	a.graceful += b.graceful
	a.proxy += b.proxy
	a.service += b.service
	a.deletions += b.deletions
	a.tried += b.tried
	a.accepted += b.accepted
	a.delivered += b.delivered
	a.twice += b.twice
	a.counted += b.counted
	a.killed += b.killed
	a.rejected += b.rejected
	a.dropped += b.dropped
	a.gone += b.gone
	a.lost += b.lost
	a.gaps += b.gaps
	a.puts += b.puts
	a.snapshots += b.snapshots
	a.took += b.took
}

// table prints tallies as rows.
func table(rows []tally) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "mode\tkills client\tserver\tgraceful\tproxy faults\tservice faults\tdeletions\trecords\taccepted\tdelivered\ttwice\tcounted\tof a kill\trejected\tdropped\tgone with a kill\tLOST\tgap records\tledgers\tseconds\t")
	for _, r := range rows {
		for _, cell := range []any{
			r.mode, r.clientKills, r.serverKills, r.graceful, r.proxy, r.service, r.deletions, r.tried, r.accepted,
			r.delivered, r.twice, r.counted, r.killed, r.rejected, r.dropped, r.gone, r.lost, r.gaps, r.snapshots, fmt.Sprintf("%.1f", r.took.Seconds()),
		} {
			fmt.Fprintf(w, "%v\t", cell)
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	return b.String()
}
