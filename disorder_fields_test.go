package watchtower_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Records that wait for their fields are lost, flushed and given up like others: the
// ledger holds, and none is stored half.
func TestDisordersWithFieldsThatComeLate(t *testing.T) {
	for seed := range uint64(1000) {
		synctest.Test(t, func(t *testing.T) {
			dir := ""
			if seed%4 == 0 {
				dir = t.TempDir()
			}
			d := newDisorder(t, seed, dir)
			_ = d.h.Close(t.Context())
			d.at = taskPlace(t, time.Duration(seed%500)*time.Millisecond)
			d.opts.Fields = map[string]string{"task": "{ecs.cluster}:{ecs.task_id}"}
			d.look = func(msg string) {
				whole := strings.Contains(msg, `"task":"`+taskID+`"`) || strings.Contains(msg, `"task":"unknown:unknown"`)
				if !whole || !json.Valid([]byte(msg)) {
					t.Errorf("seed %d: …%q", seed, msg[max(0, len(msg)-200):])
				}
			}
			d.open()
			d.run()
			st := d.h.Stats()
			if st.Spooled > 0 { // for the next one
				d.open()
				_ = d.h.Close(t.Context())
				next := d.h.Stats()
				st.Delivered, st.Rejected, st.Dropped = st.Delivered+next.Delivered, st.Rejected+next.Rejected, st.Dropped+next.Dropped
				st.Spooled, st.PossibleDuplicates = next.Spooled, st.PossibleDuplicates+next.PossibleDuplicates
			}
			d.compare(st)
		})
		if t.Failed() {
			return
		}
	}
}
