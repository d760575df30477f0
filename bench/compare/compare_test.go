package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

// TestMain lets this program be the sink and the peers, as the command is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == "sink" || os.Args[1] == "drive") {
		main()
		return
	}
	if err := os.Chdir(".."); err != nil {
		panic(err)
	}
	if err := buildForeign(); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func TestEveryPeerInGoDeliversWhatIsCounted(t *testing.T) {
	const n = 12_345
	for _, peer := range append(slices.Sorted(maps.Keys(peers)), "moby") {
		t.Run(peer, func(t *testing.T) {
			s := &scenario{Load: drive.Load{Records: n, Goroutines: 3}, Few: map[string]int{"sdk-one": 100}, Validate: true}
			o := compare(s, peer)
			if o.Error != "" {
				t.Fatal(o.Error)
			}
			want := int64(s.loadOf(peer).Records)
			if slices.Contains(discards, peer) {
				want = 0
			}
			if o.Sink.Events != want || len(o.Sink.Invalid) > 0 {
				t.Errorf("the sink got %d records, want %d; breaches of the service's rules: %q", o.Sink.Events, want, o.Sink.Invalid)
			}
			if o.CPUSeconds <= 0 || o.CallSeconds <= 0 || o.PeakRSS <= 0 || o.Mallocs <= 0 {
				t.Errorf("figures are missing: %+v", o.Result)
			}
		})
	}
}

func TestAnOutageIsOneAndEnds(t *testing.T) {
	s := &scenario{Load: drive.Load{Records: 400, Rate: 500, FailFrom: 100 * time.Millisecond, FailFor: 200 * time.Millisecond}}
	o := compare(s, "sdk-one") // a request a record
	if o.Error != "" || o.Sink.Refused == 0 || o.Sink.Events < 200 {
		t.Errorf("%d requests refused, %d records arrived: %s", o.Sink.Refused, o.Sink.Events, o.Error)
	}
	if o.P50 <= 0 || o.P50 > o.P99 || o.P99 > o.P999 || o.P999 > o.Max {
		t.Errorf("calls took %v, %v, %v, %v ns", o.P50, o.P99, o.P999, o.Max)
	}
}

func TestTheSinkSeesWhatBreaksTheServicesRules(t *testing.T) {
	now := time.UnixMilli(1_700_000_000_000)
	event := func(ms int, message string) string {
		return fmt.Sprintf(`{"timestamp":%d,"message":%q}`, now.UnixMilli()+int64(ms), message)
	}
	put := func(events ...string) string {
		return `{"logGroupName":"g","logStreamName":"s","logEvents":[` + strings.Join(events, ",") + `]}`
	}
	for _, c := range []struct{ body, want string }{
		{put(event(1, "a"), event(1, "b"), event(2, "c")), ""},
		{put(event(2, "a"), event(1, "b")), "event 1: older than the one before"},
		{put(event(1, "")), "event 0: no timestamp or no message"},
		{put(), "a batch of 0 events and 0 bytes"},
		{put(slices.Repeat([]string{event(1, "a")}, 10_001)...), "a batch of 10001 events and 270027 bytes"},
		{put(event(1, strings.Repeat("a", 1<<20))), "a batch of 1 events and 1048602 bytes"},
		{put(event(-86_400_000, "a"), event(0, "b")), ""},
		{put(event(-86_400_001, "a"), event(0, "b")), "a batch of 24h0m0.001s"},
		{put(event(7_200_001, "a")), "an event of more than two hours ahead"},
		{put(event(-14*86_400_000-1, "a")), "an event of more than 14 days ago"},
		{`{"logEvents":[]}`, "no log group or no log stream"},
		{`{`, "unexpected end of JSON input"},
	} {
		got := ""
		if err := breach([]byte(c.body), now); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("breach of %.60s: %q, want %q", c.body, got, c.want)
		}
	}
}

func TestFiguresAreMediansOfRoundsAndRatiosOfPairs(t *testing.T) {
	s := &scenario{Name: "s", Load: drive.Load{Records: 1}}
	run := func(seconds ...float64) (runs []*outcome) {
		for _, v := range seconds {
			runs = append(runs, &outcome{Result: drive.Result{CallSeconds: v}})
		}
		return runs
	}
	r := &results{Runs: map[string]map[string][]*outcome{"s": {"a": run(2, 8, 3), "b": run(1, 2, 3)}}}
	r.Runs["s"]["a"] = append(r.Runs["s"]["a"], &outcome{Error: "failed"})
	if f := r.figure(s, "a", perCall); f != (figure{3e9, 2e9, 8e9, 3}) {
		t.Errorf("median of 2, 8, 3 s: %+v", f)
	}
	if f := r.ratio(s, "a", "b", perCall); f != (figure{2, 1, 4, 3}) {
		t.Errorf("ratios 2, 4, 1: %+v", f)
	}
}

func TestTablesTakeThePlaceOfTheOldOnes(t *testing.T) {
	page := "before\n<!-- compare goals -->\nold\n<!-- end -->\nafter <!-- end -->\n"
	got, err := replace(page, "goals", "new\n")
	if want := "before\n<!-- compare goals -->\nnew\n<!-- end -->\nafter <!-- end -->\n"; got != want || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := replace(page, "paced", "new\n"); err == nil {
		t.Error("a mark that is not there is no error")
	}
}
