package delivery_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/watchtower-go/watchtower"
)

// tooLong hands in records that are dropped for their length.
func (st *stage) tooLong(n int) {
	for range n {
		st.put(watchtower.Event{Message: fmt.Sprint("m", len(st.logged), strings.Repeat("x", 5000))})
	}
}

// tells fails the test unless one record in the stream tells of that loss.
func (st *stage) tells(lost int) {
	st.t.Helper()
	var told []string
	for _, m := range messages(st.server) {
		if own(m) {
			told = append(told, m)
		}
	}
	if len(told) != 1 || !strings.Contains(told[0], fmt.Sprintf(`"lost":%d,`, lost)) {
		st.t.Errorf("of %d records that are lost the stream tells %q", lost, told)
	}
}

// What is lost before a Close without the service is told in the stream by a later
// process, if there is a disk to keep that on.
var toldLater = []scenario{
	{
		name: "a loss in an outage, told by the next process",
		opts: watchtower.Options{SpoolDir: spooled, Oversize: watchtower.Drop, MaxEventBytes: 2000},
		want: sheet{Recovered: 30, Delivered: 30, Own: 1},
		run: func(st *stage) {
			st.down(func() {
				st.log(30)
				<-time.After(time.Minute) // it is known that nothing can be written
				st.tooLong(3)
			}, sheet{Spooled: 30, Dropped: 3})
			<-time.After(time.Minute)
			st.tells(3)
		},
	},
	{
		name: "a loss written down just before an outage, told by the one after the next process",
		opts: watchtower.Options{SpoolDir: spooled, Spool: watchtower.SpoolAlways, Oversize: watchtower.Drop, MaxEventBytes: 2000},
		want: sheet{Own: 1},
		run: func(st *stage) {
			st.log(1)
			st.within(time.Second)
			st.tooLong(3)
			<-time.After(1100 * time.Millisecond) // it is in a batch now
			st.down(func() {}, sheet{Dropped: 3})
			st.down(func() { <-time.After(time.Minute) }, sheet{})
			if s := st.Stats(); s.Recovered != 0 {
				st.t.Errorf("%+v", s)
			}
			<-time.After(time.Minute)
			st.tells(3)
		},
	},
	{
		name: "a loss for want of room on the disk, told by the next process",
		opts: watchtower.Options{SpoolDir: spooled, Spool: watchtower.SpoolAlways, SpoolBytes: 16 << 20},
		want: sheet{Recovered: 255, Delivered: 255, Own: 1},
		run: func(st *stage) {
			st.down(func() {
				for range 270 {
					st.put(watchtower.Event{Message: fmt.Sprint("m", len(st.logged), strings.Repeat("x", 65_600))})
				}
			}, sheet{Spooled: 255, Dropped: 15})
			<-time.After(2 * time.Minute)
			st.tells(15)
		},
	},
	{
		name: "a loss in an outage, and no disk",
		opts: watchtower.Options{Oversize: watchtower.Drop, MaxEventBytes: 2000},
		want: sheet{Accepted: 33, Dropped: 33, Reasons: map[string]int64{watchtower.ReasonClosed: 30, watchtower.ReasonOversize: 3}},
		run: func(st *stage) {
			st.server.Faults().Fail("", 503, -1)
			st.log(30)
			st.tooLong(3)
			st.stop()
		},
	},
}
