package watchtower

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"sync/atomic"
	"time"

	"github.com/watchtower-go/watchtower/internal/engine"
	"github.com/watchtower-go/watchtower/internal/streamname"
)

// Sampling says which records [Handler.Handle] keeps when many are alike: those
// with the same level and message, whatever their attributes. Of these, the
// First of each Interval are kept, and after them each Thereafter-th.
//
// Those that are left out are in no counter but Stats.SampledOut, and the log
// says how many there were: the next one alike that is kept has their number as
// the field _sampled_out, and for those that none follows within about another
// Interval, before a Flush or before Close, there is a record of the handler's
// own with that field, in the log stream of the logger that was last to leave
// one out; a stream that is named by attributes is that of the last record alike
// that was kept.
// So the sum of _sampled_out is the number of all that were left out. (Where a
// record with the field, or such a record, is lost itself, that is told as any loss.)
//
// What is alike is looked up in a table of 4,096 places of constant size. Two
// messages may share a place, and then count as one. Events of Put and Writer
// are not sampled. A [Metric] in a record that is left out is left out with it.
type Sampling struct {
	// Interval is the length of an interval; it begins at a multiple of it, by
	// the time of the records. At least a millisecond. If zero, a second.
	Interval time.Duration
	// First is how many records of an interval are kept in any case. If zero,
	// 100.
	First int
	// Thereafter is of how many records after these one is kept. If zero, 100;
	// if negative, none is kept.
	Thereafter int
	// Level is the lowest level of which every record is kept. If nil,
	// slog.LevelError.
	Level slog.Leveler
}

// withDefaults returns a copy in which zero fields have their defaults; nil is
// nil.
func (s *Sampling) withDefaults() *Sampling {
	if s == nil {
		return nil
	}
	d := *s
	if d.Interval == 0 {
		d.Interval = time.Second
	}
	if d.First == 0 {
		d.First = 100
	}
	if d.Thereafter == 0 {
		d.Thereafter = 100
	}
	if d.Level == nil {
		d.Level = slog.LevelError
	}
	return &d
}

func (s *Sampling) validate() error {
	switch {
	case s == nil:
		return nil
	case s.Interval < time.Millisecond:
		return wrongOption("Sampling", "an Interval of %v is too short: at least 1ms", s.Interval)
	case s.First < 0:
		return wrongOption("Sampling", "First is negative: at least 1, or 0 for 100")
	}
	return nil
}

// places is how many kinds of records a sampler tells apart.
const places = 1 << 12

// A sampler counts records of a kind. It takes no lock.
type sampler struct {
	Sampling
	wake  func() // makes the engine look at Due
	attrs int    // by so many attributes log streams are named

	places [places]place
	total  atomic.Int64
	due    atomic.Int64 // when those untold are told, in Unix nanoseconds; zero: there are none
}

// A place has the counters of one kind.
type place struct {
	// state is the number of the interval, modulo 1<<32, and below it how many
	// records it has had: in one, so that each has a number of its own.
	state  atomic.Uint64
	untold atomic.Int64 // left out, and no record has said so
	name   atomic.Pointer[streamname.Name]
	// attrs are those of the last that was kept which name its log stream; nil
	// where there are none.
	attrs atomic.Pointer[[]string]
}

// newSampler returns nil if there is nothing to sample.
func newSampler(s *Sampling) *sampler {
	if s == nil {
		return nil
	}
	return &sampler{Sampling: *s}
}

// sample decides about one record of the logger of that name. With a record that
// is kept comes the number of those left out that it has to tell of, from a place
// to which that is given back if it is lost.
func (s *sampler) sample(name *streamname.Name, at time.Time, level slog.Level, msg string) (keep bool, untold int64, p *place) {
	if level >= s.Level.Level() {
		return true, 0, nil
	}
	if at.IsZero() {
		at = time.Now()
	}
	p = &s.places[kind(level, msg)]
	if n := p.count(s.interval(at)); n <= uint64(s.First) || s.Thereafter > 0 && (n-uint64(s.First))%uint64(s.Thereafter) == 0 {
		if p.untold.Load() != 0 {
			untold = p.untold.Swap(0)
		}
		return true, untold, p
	}
	s.total.Add(1)
	p.name.Store(name)
	s.leave(p, 1)
	return false, 0, nil
}

// leave notes records that are to be told of.
func (s *sampler) leave(p *place, n int64) {
	p.untold.Add(n)
	if s.due.Load() == 0 && s.due.CompareAndSwap(0, time.Now().Add(s.Interval).UnixNano()) {
		s.wake()
	}
}

// kept notes what names the log stream of a record that was kept.
func (s *sampler) kept(p *place, captured func(i int) []byte) {
	if s.attrs == 0 || p == nil {
		return
	}
	old := p.attrs.Load()
	same := old != nil
	for i := 0; same && i < s.attrs; i++ {
		same = string(captured(i)) == (*old)[i]
	}
	if same {
		return
	}
	texts := make([]string, s.attrs)
	for i := range texts {
		texts[i] = string(captured(i))
	}
	p.attrs.Store(&texts)
}

// stream is the log stream of a record that tells of those left out.
func (p *place) stream(now time.Time) string {
	var captured func(i int) []byte
	if texts := p.attrs.Load(); texts != nil {
		captured = func(i int) []byte { return []byte((*texts)[i]) }
	}
	return p.name.Load().Expand(now.UnixMilli(), captured)
}

// giveBack is for a record that told of n others and came back with err: where
// that is a loss, they are still untold.
func (s *sampler) giveBack(p *place, n int64, err error) {
	if _, lost := err.(*DropError); lost {
		s.leave(p, n)
	}
}

// interval is the number of the interval that a time lies in.
func (s *sampler) interval(at time.Time) uint32 { return uint32(at.UnixNano() / int64(s.Interval)) }

// count counts a record of an interval, and returns its number in it. One that
// comes late, from the interval before, counts as of the current one.
func (p *place) count(interval uint32) uint64 {
	for {
		old := p.state.Load()
		if now := uint32(old >> 32); now == interval || now == interval+1 {
			if uint32(old) == math.MaxUint32 {
				return math.MaxUint32 // as far as it can count
			}
			if p.state.CompareAndSwap(old, old+1) {
				return uint64(uint32(old)) + 1
			}
		} else if p.state.CompareAndSwap(old, uint64(interval)<<32|1) {
			return 1
		}
	}
}

// kind is the place of records of that level and message: FNV-1a of both.
func kind(level slog.Level, msg string) uint32 {
	const offset, prime = 2166136261, 16777619
	h := (uint32(offset) ^ uint32(level)) * prime
	for i := range len(msg) {
		h = (h ^ uint32(msg[i])) * prime
	}
	return (h ^ h>>16) % places
}

// Due is when there is something to tell, or zero. It is called by the engine,
// as is Take.
func (s *sampler) Due() time.Time {
	if due := s.due.Load(); due != 0 {
		return time.Unix(0, due)
	}
	return time.Time{}
}

// Take returns a record for each log stream about what is untold of intervals
// that are over or, with all, of any.
func (s *sampler) Take(now time.Time, all bool) []engine.Note {
	due := s.due.Load()
	if due == 0 || !all && now.UnixNano() < due {
		return nil
	}
	s.due.Store(0)
	counts, left := make(map[string]int64), false
	for i := range s.places {
		p := &s.places[i]
		if p.untold.Load() == 0 {
			continue
		}
		if over := int32(s.interval(now)-uint32(p.state.Load()>>32)) > 0; !over && !all {
			left = true
			continue
		}
		if n := p.untold.Swap(0); n > 0 {
			counts[p.stream(now)] += n
		}
	}
	if left {
		s.due.CompareAndSwap(0, now.Add(s.Interval).UnixNano())
	}
	notes := make([]engine.Note, 0, len(counts))
	for stream, n := range counts {
		notes = append(notes, engine.Note{Stream: stream, Level: slog.LevelInfo, Message: leftOut(now, n)})
	}
	return notes
}

// leftOut is the record that tells of records left out.
func leftOut(now time.Time, n int64) string {
	were := "were"
	if n == 1 {
		were = "was"
	}
	text, _ := json.Marshal(struct { // plain values: there is no error
		Time       string `json:"time"`
		Level      string `json:"level"`
		Msg        string `json:"msg"`
		SampledOut int64  `json:"_sampled_out"`
	}{
		now.UTC().Format(time.RFC3339Nano), slog.LevelInfo.String(),
		fmt.Sprintf("watchtower: %s %s left out by sampling", counted(int(n), "record"), were), n,
	})
	return string(text)
}
