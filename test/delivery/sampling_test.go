package delivery_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
)

// sampled are the messages of a server as "message" or "message+n", with n left
// out; own ones have no message.
func sampled(t *testing.T, messages []string) (all []string, told int64) {
	t.Helper()
	for _, m := range messages {
		var r struct {
			Msg string
			Out int64 `json:"_sampled_out"`
		}
		if err := json.Unmarshal([]byte(m), &r); err != nil {
			t.Fatal(err)
		}
		if own(m) {
			want := fmt.Sprintf("watchtower: %d records were left out by sampling", r.Out)
			if r.Out == 1 {
				want = "watchtower: 1 record was left out by sampling"
			}
			if r.Msg != want {
				t.Errorf("an own record says %q", r.Msg)
			}
			r.Msg = ""
		}
		if r.Out > 0 {
			r.Msg += fmt.Sprint("+", r.Out)
		}
		all, told = append(all, r.Msg), told+r.Out
	}
	return all, told
}

// looks are the same for all tests: three of an interval, then each fifth.
var looks = watchtower.Sampling{First: 3, Thereafter: 5}

func TestSamplingKeepsFirstAndEachNthThereafter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{Sampling: &looks})
		l := slog.New(st)
		time.Sleep(500 * time.Millisecond)
		for i := range 14 { // kept: 1 2 3, 8, 13
			l.Info("busy", "i", i)
		}
		l.Warn("busy") // of another level
		l.Info("calm")
		time.Sleep(600 * time.Millisecond) // another interval
		l.Info("busy")                     // 14 was left out
		st.within(time.Second)
		got, told := sampled(t, messages(st.server))
		want := []string{"busy", "busy", "busy", "busy+4", "busy+4", "busy", "calm", "busy+1"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if s := st.Stats(); s.SampledOut != 9 || told != 9 || s.Accepted != 8 || s.Own != 0 {
			t.Errorf("told %d; %+v", told, s)
		}
	})
}

func TestSamplingKeepsEveryError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			level slog.Leveler
			want  int64
		}{{nil, 50 + 1}, {slog.LevelWarn, 100}, {slog.LevelError + 1, 2}} {
			st := newStage(t, watchtower.Options{Sampling: &watchtower.Sampling{First: 1, Thereafter: -1, Level: c.level}})
			for range 50 {
				slog.New(st).Error("failed")
				slog.New(st).Warn("failing")
			}
			if s := st.Stats(); s.Accepted != c.want || s.SampledOut != 100-c.want {
				t.Errorf("%v: %+v", c.level, s)
			}
		}
	})
}

func TestWhatNobodyTellsOfIsToldByARecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{
			Sampling: &watchtower.Sampling{First: 1, Thereafter: -1}, LogStreamName: "{logger_name}", FlushInterval: 10 * time.Millisecond,
		})
		for _, name := range []string{"a", "b"} {
			for range 4 {
				slog.New(st.Named(name)).Info("burst of " + name)
			}
		}
		streams := func() map[string]string {
			all := map[string]string{}
			for _, e := range st.server.Events(group) {
				if own(e.Message) {
					told, _ := sampled(t, []string{e.Message})
					all[e.Stream] += told[0]
				}
			}
			return all
		}
		time.Sleep(900 * time.Millisecond)
		if got := streams(); len(got) > 0 {
			t.Errorf("within the interval: %v", got)
		}
		time.Sleep(300 * time.Millisecond)
		synctest.Wait()
		if diff := cmp.Diff(map[string]string{"a": "+3", "b": "+3"}, streams()); diff != "" {
			t.Error(diff)
		}
		if s := st.Stats(); s.Own != 2 || s.SampledOut != 6 || s.Accepted != 2 {
			t.Errorf("%+v", s)
		}
	})
}

func TestFlushAndCloseTellWhatWasLeftOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{Sampling: &watchtower.Sampling{First: 1, Thereafter: -1, Interval: time.Hour}})
		for range 3 {
			slog.New(st).Info("m")
		}
		time.Sleep(time.Millisecond)
		st.within(time.Second)
		for range 2 {
			slog.New(st).Info("m")
		}
		st.Close(t.Context())
		got, _ := sampled(t, messages(st.server))
		if diff := cmp.Diff([]string{"m", "+2", "+2"}, got); diff != "" {
			t.Error(diff)
		}
		if s := st.Stats(); s.Own != 2 || s.SampledOut != 4 {
			t.Errorf("%+v", s)
		}
	})
}

// A flood is told of by its own records, with none of the handler's beside them.
func TestFloodNeedsNoRecordsOfTheHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{Sampling: &looks})
		time.Sleep(123 * time.Millisecond)
		for range 1000 {
			slog.New(st).Info("flood")
			time.Sleep(10 * time.Millisecond)
		}
		if s := st.Stats(); s.Own != 0 || s.SampledOut < 700 {
			t.Errorf("%+v", s)
		}
		st.Close(t.Context())
		if _, told := sampled(t, messages(st.server)); told != st.Stats().SampledOut {
			t.Errorf("told of %d, left out %d", told, st.Stats().SampledOut)
		}
	})
}

// A record that tells of others and is lost leaves them to be told once more.
func TestLostRecordDoesNotTakeItsCountAlong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{Sampling: &watchtower.Sampling{First: 1, Thereafter: -1}, Oversize: watchtower.Drop, MaxEventBytes: 1024, NoGapRecords: true})
		l := slog.New(st)
		for range 4 {
			l.Info("m")
		}
		time.Sleep(time.Second)
		l.Info("m", "long", strings.Repeat("x", 2000)) // dropped
		st.within(time.Second)
		got, _ := sampled(t, messages(st.server))
		if diff := cmp.Diff([]string{"m", "+3"}, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSampledOutStandsOutsideOfGroupsInEveryFormat(t *testing.T) {
	for want, opts := range map[string]watchtower.Options{
		`"msg":"m","g":{"a":1,"b":2},"_sampled_out":2}`: {},
		`msg=m g.a=1 g.b=2 _sampled_out=2`:              {Format: watchtower.FormatText},
		`msg=m _sampled_out=2 g.a=1 g.b=2`:              {NewFormatter: func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) }},
	} {
		synctest.Test(t, func(t *testing.T) {
			opts.Sampling = &watchtower.Sampling{First: 1, Thereafter: 3}
			h, s := open(t, opts)
			l := slog.New(h).WithGroup("g").With("a", 1)
			for range 4 {
				l.Info("m", "b", 2)
			}
			h.Close(t.Context())
			if got := messages(s); len(got) != 2 || !strings.HasSuffix(strings.TrimSuffix(got[1], "\n"), want) {
				t.Errorf("%q, not %q", got, want)
			}
		})
	}
}

func TestTimesThatJumpDoNotStopTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{Sampling: &watchtower.Sampling{First: 1, Thereafter: -1}})
		now := time.Now()
		for _, at := range []time.Duration{time.Hour, 0, 0, 0, -500 * time.Millisecond, time.Second, 500 * time.Millisecond} {
			r := slog.NewRecord(now.Add(at), slog.LevelInfo, "m", 0)
			st.Handle(context.Background(), r)
		}
		if s := st.Stats(); s.Accepted != 3 || s.SampledOut != 4 {
			t.Errorf("%+v", s)
		}
	})
}

func TestEverySampledRecordIsCountedOnceByManyCallers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s := open(t, watchtower.Options{Sampling: &watchtower.Sampling{First: 10, Thereafter: 7, Interval: time.Millisecond}, WhenFull: watchtower.Block})
		var wg sync.WaitGroup
		const callers, each = 8, 2000
		for i := range callers {
			wg.Go(func() {
				for n := range each {
					slog.New(h).Info([]string{"one", "two"}[i%2])
					if n%50 == 0 { // intervals end while all callers are at it
						time.Sleep(time.Duration(100+i) * time.Microsecond)
					}
				}
			})
		}
		wg.Go(func() {
			for range 20 {
				h.Flush(t.Context())
				time.Sleep(300 * time.Microsecond)
			}
		})
		wg.Wait()
		h.Close(t.Context())
		st := h.Stats()
		_, told := sampled(t, messages(s))
		if st.Accepted+st.SampledOut != callers*each || told != st.SampledOut || st.SampledOut == 0 || st.Delivered != st.Accepted {
			t.Errorf("told of %d; %+v", told, st)
		}
	})
}

func TestSampledOutWaitsForTheServiceToWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{Sampling: &watchtower.Sampling{First: 1, Thereafter: -1}})
		st.network(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF })
		for range 3 {
			slog.New(st).Info("m")
		}
		time.Sleep(time.Minute)
		st.network(nil)
		time.Sleep(2 * time.Minute)
		got, _ := sampled(t, messages(st.server))
		if diff := cmp.Diff([]string{"m", "+2"}, got); diff != "" {
			t.Error(diff)
		}
	})
}

// Where streams are named by attributes, what tells of those left out is where the
// records alike are.
func TestSampledOutIsToldInAStreamThatAttributesName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStage(t, watchtower.Options{Sampling: &looks, LogStreamName: "{attr:tenant}/{attr:region}"})
		l := slog.New(st).With("region", "eu")
		for _, tenant := range []string{"a", "b"} {
			for range 4 { // one is left out
				l.Info("busy "+tenant, "tenant", tenant)
			}
		}
		l.Info("without")
		<-time.After(10 * time.Second)
		st.within(time.Second)
		told := map[string]int{}
		for _, e := range st.server.Events(group) {
			if own(e.Message) {
				told[e.Stream]++
			}
		}
		if diff := cmp.Diff(map[string]int{"a/eu": 1, "b/eu": 1}, told); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}
