package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

// TestMain lets this program be the sink and the peers, as the command is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && slices.Contains([]string{"sink", "drive", "floor"}, os.Args[1]) {
		main()
		return
	}
	if err := os.Chdir(".."); err != nil {
		panic(err)
	}
	if _, err := mobyVersions(); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func TestEveryPeerInGoDeliversWhatIsCounted(t *testing.T) {
	const n = 12_345
	for _, peer := range append(slices.Sorted(maps.Keys(peers)), "moby") {
		if peer == forger {
			continue
		}
		t.Run(peer, func(t *testing.T) {
			s := &scenario{Load: drive.Load{Records: n, Goroutines: 3}, Few: map[string]int{"sdk-one": 100}, Validate: true}
			o := compare(t.Context(), s, peer)
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

// forger is a peer that sends what the service refuses.
const forger = "forger"

func init() {
	peers[forger] = func(l *drive.Load) (*drive.Logger, error) {
		client := new(http.Client)
		lg := discarding(func(int) {})
		lg.Close = func() error {
			return post(client, l.API, []byte(`{"logGroupName":"g","logStreamName":"s","logEvents":[]}`))
		}
		return lg, nil
	}
}

func TestWhatTheServiceRefusesFailsTheRun(t *testing.T) {
	s := &scenario{Load: drive.Load{Records: 1}, Validate: true}
	if o := compare(t.Context(), s, forger); o.Error != "forger sent what the service refuses: a batch of 0 events and 0 bytes" {
		t.Errorf("error %q", o.Error)
	}
}

func TestPeersInOtherLanguagesDeliverOrSayWhatToInstall(t *testing.T) {
	missing := equip(func(peer string) bool { return peer != "moby" }, map[string]string{})
	for _, peer := range []string{"python", "winston"} {
		if err := missing[peer]; err != nil {
			if !strings.Contains(err.Error(), "; "+foreigners[peer].remedy) {
				t.Errorf("%s is missing: %v", peer, err)
			}
			continue
		}
		s := &scenario{Load: drive.Load{Records: 3000, Goroutines: 3}, Validate: true}
		o := compare(t.Context(), s, peer)
		if o.Error != "" || o.Trouble != "" || o.Sink.Events != 3000 || o.CPUSeconds <= 0 || o.PeakRSS <= 0 {
			t.Errorf("%s: %+v", peer, o)
		}
	}
	t.Setenv("PATH", t.TempDir())
	missing = equip(func(peer string) bool { return peer != "moby" }, map[string]string{})
	for _, peer := range []string{"python", "winston"} {
		if err := missing[peer]; err == nil || !strings.Contains(err.Error(), foreigners[peer].remedy) {
			t.Errorf("%s without a PATH: %v", peer, err)
		}
	}
}

func TestNothingOfTheUsersReachesThePeers(t *testing.T) {
	for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_RETRY_MODE", "AWS_PROFILE", "HTTP_PROXY", "https_proxy"} {
		t.Setenv(name, "users")
	}
	t.Setenv("GOGC", "100")
	env := environment()
	if i := slices.IndexFunc(env, func(pair string) bool { return strings.HasSuffix(pair, "=users") }); i >= 0 {
		t.Errorf("%s is left", env[i])
	}
	if !slices.Contains(env, "GOGC=100") {
		t.Error("the rest is gone, too")
	}
}

func TestAnInterruptEndsARunAndLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	begin := time.Now()
	o := compare(ctx, &scenario{Load: drive.Load{Records: 100, Rate: 1}}, "watchtower")
	if o.Error == "" || time.Since(begin) > 30*time.Second {
		t.Errorf("after %v: error %q", time.Since(begin), o.Error)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestTheSinkWaitsForAllRecordsOrForSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := new(sink)
		got := make(chan int64)
		ask := func(events int64) { got <- s.arrived(t.Context(), events, 5*time.Second).Events }
		add := func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.counts.Events++
		}
		begin := time.Now()
		go ask(2)
		time.AfterFunc(4*time.Second, add)
		time.AfterFunc(8*time.Second, add)
		if n := <-got; n != 2 || time.Since(begin).Round(time.Second) != 8*time.Second {
			t.Errorf("%d records after %v", n, time.Since(begin))
		}
		begin = time.Now()
		go ask(3)
		if n := <-got; n != 2 || time.Since(begin).Round(time.Second) != 5*time.Second {
			t.Errorf("%d records after %v of silence", n, time.Since(begin))
		}
	})
}

func TestAnOutageIsOneAndEnds(t *testing.T) {
	s := &scenario{Load: drive.Load{Records: 400, Rate: 500, FailFrom: 100 * time.Millisecond, FailFor: 200 * time.Millisecond}}
	o := compare(t.Context(), s, "sdk-one") // a request a record
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
	if f := r.figure(s, "a", perCall); textOf(f) != "3e+09 2e+09 8e+09 of 3" {
		t.Errorf("median of 2, 8, 3 s: %+v", f)
	}
	if f := r.ratio(s, "a", "b", perCall); textOf(f) != "2 1 4 of 3" {
		t.Errorf("ratios 2, 4, 1: %+v", f)
	}
}

func textOf(f figure) string {
	return fmt.Sprintf("%g %g %g of %d", f.median, f.low, f.high, len(f.rounds))
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
