package engine

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/ledger"
)

// gapEvery is how long losses are added up before a record tells of them.
const gapEvery = time.Second

// maxGaps bounds the streams whose losses wait to be told in them; beyond it
// they are told in one of these.
const maxGaps = 256

// gaps are losses that are not yet told in the streams where they happened.
type gaps struct {
	off bool

	mu       sync.Mutex
	byStream map[string]*gap
	since    time.Time // the first of them
}

// A gap is what one stream has lost.
type gap struct {
	events      int64
	levels      map[string]int64
	reasons     map[string]int64
	first, last int64
}

// add notes the loss of one event. There is no record of what is given up because
// the handler is closed: nothing is sent any more when that is known. Nor is there
// one of an empty message: blank lines are no gap, and a program that prints them
// would have its stream full of records that say so.
func (g *gaps) add(stream, reason string, ms int64, level slog.Level) {
	if g.off || reason == ledger.Closed || reason == ledger.Empty || stream == "" {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.of(stream, ms)
	p.events++
	p.levels[level.String()]++
	p.reasons[reason]++
	p.first, p.last = min(p.first, ms), max(p.last, ms)
}

// addUnread notes the loss of events of which nothing is known.
func (g *gaps) addUnread(stream, reason string, ms, n int64) {
	if g.off || stream == "" {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.of(stream, ms)
	p.events += n
	p.reasons[reason] += n
	p.first, p.last = min(p.first, ms), max(p.last, ms)
}

// of returns the gap of a stream.
func (g *gaps) of(stream string, ms int64) *gap {
	if g.byStream == nil {
		g.byStream = make(map[string]*gap)
		g.since = time.Now()
	}
	p := g.byStream[stream]
	if p == nil && len(g.byStream) >= maxGaps {
		for _, p = range g.byStream {
			break
		}
	}
	if p == nil {
		p = &gap{levels: make(map[string]int64), reasons: make(map[string]int64), first: ms, last: ms}
		g.byStream[stream] = p
	}
	return p
}

// take returns all gaps, and forgets them.
func (g *gaps) take() map[string]*gap {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := g.byStream
	g.byStream = nil
	return all
}

// due is when the gaps are to be told, or zero while there are none.
func (g *gaps) due() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.byStream) == 0 {
		return time.Time{}
	}
	return g.since.Add(gapEvery)
}

// headline is the text of the record that tells of the gap.
func (g *gap) headline() string {
	if g.events == 1 {
		return "watchtower: 1 log event was lost here"
	}
	return fmt.Sprintf("watchtower: %d log events were lost here", g.events)
}

// message is the record that tells of the gap.
func (g *gap) message(now time.Time) string {
	stamp := func(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z07:00") }
	text, _ := json.Marshal(struct { // plain values: there is no error
		Time    string           `json:"time"`
		Level   string           `json:"level"`
		Msg     string           `json:"msg"`
		Lost    int64            `json:"lost"`
		Levels  map[string]int64 `json:"levels"`
		Reasons map[string]int64 `json:"reasons"`
		From    string           `json:"from"`
		To      string           `json:"to"`
	}{
		now.UTC().Format(time.RFC3339Nano), slog.LevelWarn.String(), g.headline(),
		g.events, g.levels, g.reasons, stamp(g.first), stamp(g.last),
	})
	return string(text)
}

// writeGaps puts a record into each stream that has lost events. It waits until
// the service works, and for a while after the first loss: more may follow.
func (o *owner) writeGaps(force bool) {
	due := o.gaps.due()
	if due.IsZero() || o.breaker.failures > 0 || !force && o.now.Before(due) {
		return
	}
	o.addOwn(o.composeGaps())
}

// composeGaps makes the records that tell of the gaps, and forgets these.
func (o *owner) composeGaps() []cwl.Event {
	var events []cwl.Event
	for stream, g := range o.nameGaps(o.gaps.take()) {
		e := o.cfg.Rewrite.Compose(o.now.UnixMilli(), g.message(o.now))
		e.Stream, e.Level, e.Parts = stream, slog.LevelWarn, cwl.Own
		events = append(events, e)
	}
	return events
}
