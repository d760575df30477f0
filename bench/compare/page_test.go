package main

import (
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

func TestFailedRunsAreLeftOutAndNamed(t *testing.T) {
	s := &scenario{Name: "flushes", Title: "Small", Load: drive.Load{Records: 1000}, Peers: []string{"slog", "moby"}}
	good, bad := &outcome{}, &outcome{Error: "moby: a | b"}
	r := noResults()
	r.Runs["flushes"] = map[string][]*outcome{"slog": {good, good, good}, "moby": {good, bad, bad}}
	text := r.table(s)
	if want := "\n\nSmall; 1,000 records. 3 rounds. Without 2 of 3 runs of Docker's awslogs driver, which failed: moby: a / b.\n"; !strings.HasSuffix(text, want) {
		t.Errorf("got %q", text)
	}
	r.Runs["flushes"]["moby"] = []*outcome{bad, bad, bad}
	if text := r.table(s); !strings.Contains(text, "| Docker's awslogs driver | not measured: moby: a / b |\n") || strings.Contains(text, "Without") {
		t.Errorf("got %q", text)
	}
}

func TestAMissingPeerKeepsWhatWasMeasuredOfItWithoutRatios(t *testing.T) {
	s := &scenario{Name: "tls", Load: drive.Load{Records: 1}, Peers: []string{"sdk", "python", "winston"}}
	run := func(seconds float64) []*outcome {
		return []*outcome{{Result: drive.Result{CallSeconds: seconds}, Sink: drive.Counts{Requests: 1, Events: 100_000}}}
	}
	gone := []*outcome{{Error: "gone"}}
	r := noResults()
	r.Origins["tls"] = origin{Day: "2026-11-26", Command: "go run ./compare"}
	r.Runs["tls"] = map[string][]*outcome{"sdk": run(1), "python": run(2), "winston": gone}
	now := map[string][]*outcome{"sdk": run(4), "python": gone, "winston": gone}
	r.keep("tls", now, map[string]error{"python": errors.New("gone"), "winston": errors.New("gone")})
	r.Runs["tls"] = now
	text := r.table(s)
	for _, want := range []string{"| 25 (1×) |", "| 50 |", "| Node: winston-cloudwatch | not measured: gone |", "was missing; its row was measured before (on 2026-11-26, by `go run ./compare`), so that"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

func TestProgressSaysOnlyWhatThereIs(t *testing.T) {
	l := &drive.Load{Peer: "slog", Records: 1}
	if got, want := new(outcome).summary(l), "0 ns/call, 0 CPU ns/record, 0 MiB"; got != want {
		t.Errorf("of what discards: %q, want %q", got, want)
	}
	l.Peer = "sdk"
	if got := (&outcome{Result: drive.Result{Max: 1}}).summary(l); !strings.Contains(got, "0 of 1 arrived") || !strings.HasSuffix(got, "p50 0 ns, p99.9 0 ns") {
		t.Errorf("of what is sent: %q", got)
	}
	if got := interruption("paced", false).Error(); strings.Contains(got, "is written") && !strings.Contains(got, "nothing is written") {
		t.Errorf("nothing is written, but %q", got)
	}
}

func TestNumbersHaveThreeDigitsAndNoExponents(t *testing.T) {
	for v, want := range map[float64]string{1e-5: "0", 0.00123: "0.00123", -1e-5: "0", 0.333: "0.333", 999.9: "1,000", 12_345: "12,345"} {
		if got := short(v); got != want {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
}

func TestNothingStaysOnThePageThatWasNotMeasuredHere(t *testing.T) {
	dir := t.TempDir()
	page, err := os.ReadFile("../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	name, old := filepath.Join(dir, "performance.md"), filepath.Join(dir, "performance", "size.svg")
	err = errors.Join(os.WriteFile(name, page, 0o600), os.Mkdir(filepath.Dir(old), 0o700), os.WriteFile(old, nil, 0o600))
	if err != nil {
		t.Fatal(err)
	}
	if err := noResults().write(dir); err != nil { // finds every mark
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq(string(text), "<!-- compare ") {
		mark, rest, _ := strings.Cut(part, " -->\n")
		in, _, ok := strings.Cut(rest, "<!-- end -->\n")
		if ok && in != notMeasured && !slices.Contains([]string{"machine", "goals", "unmet"}, mark) {
			t.Errorf("%s still has %.60q", mark, in)
		}
	}
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the old plot is still there: %v", err)
	}
}

func TestPlotsAreReadableXMLWithRoundNumbersOnTheScales(t *testing.T) {
	r := noResults()
	for _, s := range scenarios {
		r.Runs[s.Name] = map[string][]*outcome{}
		for i, p := range s.Peers {
			for round := range 2 {
				r.Runs[s.Name][p] = append(r.Runs[s.Name][p], &outcome{Result: drive.Result{CallSeconds: float64(1 + i + round), CPUSeconds: 1}})
			}
		}
	}
	plots := r.plots()
	if len(plots) != 5 {
		t.Errorf("%d plots", len(plots))
	}
	for _, p := range plots {
		d := xml.NewDecoder(strings.NewReader(p.svg))
		for {
			_, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", p.name, err)
			}
		}
		if strings.Contains(p.svg, "NaN") || strings.Contains(p.svg, "Inf") {
			t.Errorf("%s has what is no number", p.name)
		}
	}
	if got := ticks(3, 4); !slices.Equal(got, []float64{1000, 2000, 5000, 10_000}) {
		t.Errorf("ticks from 1,000 to 10,000: %v", got)
	}
	if got := ticks(3, 6); !slices.Equal(got, []float64{1000, 10_000, 100_000, 1_000_000}) {
		t.Errorf("ticks from 1,000 to 1,000,000: %v", got)
	}
}

func TestSamplesGoToTheInnermostStepThatHasAName(t *testing.T) {
	for _, c := range []struct {
		want  string
		stack []string // innermost first
	}{
		{"slog front end: callers, time, record", []string{"runtime.Callers", "log/slog.(*Logger).logAttrs", "main.main"}},
		{"format and escape into the body", []string{"strconv.AppendInt", "example.com/internal/encode.value", "log/slog.Record.Attrs", "log/slog.(*Logger).logAttrs"}},
		{"SHA-256 of the body", []string{"crypto/internal/fips140/sha256.block", "github.com/aws/aws-sdk-go-v2/aws/signer.sign"}},
		{"garbage collector", []string{"runtime.scanobject", "runtime.gcBgMarkWorker"}},
		{"scheduler", []string{"runtime.futex", "runtime.mcall"}},
	} {
		s := new(profile.Sample)
		for _, name := range c.stack {
			s.Location = append(s.Location, &profile.Location{Line: []profile.Line{{Function: &profile.Function{Name: name}}}})
		}
		if got := steps[stepOf(s)].name; got != c.want {
			t.Errorf("%v goes to %q, want %q", c.stack, got, c.want)
		}
	}
}

func TestChoicesThatMatchNothingAreErrors(t *testing.T) {
	for _, c := range []struct{ only, peer, want string }{
		{"serail", "", `-only "serail" matches none of serial, eight, `},
		{"", "watchtwer", `-peer "watchtwer" matches none of `},
		{"flushes", "winston", "none of flushes has any of winston"},
		{"(", "", "-only: error parsing regexp"},
	} {
		if _, err := choose(1, c.only, c.peer); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("-only %q -peer %q: %v", c.only, c.peer, err)
		}
	}
	if _, err := choose(0, "", ""); err == nil {
		t.Error("no rounds are no error")
	}
	c, err := choose(1, "outage|steps", "sdk")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"outage", "outagedrop", "steps"}; !slices.Equal(c.parts, want) || !c.peer("sdk-four") || c.peer("slog") {
		t.Errorf("chosen: %q", c.parts)
	}
	if err := run(t.Context(), []string{"serial"}); err == nil {
		t.Error("an argument that is no flag is no error")
	}
}

func TestEveryPeerThatIsNamedIsThere(t *testing.T) {
	known := append(slices.Collect(maps.Keys(peers)), slices.Collect(maps.Keys(foreigners))...)
	for _, s := range scenarios {
		for _, p := range s.Peers {
			if !slices.Contains(known, p) {
				t.Errorf("%s: no peer %q", s.Name, p)
			}
			if titleOf(p) == p {
				t.Errorf("%s: %q has no title", s.Name, p)
			}
		}
		for p := range s.Few {
			if !slices.Contains(s.Peers, p) && s.Few[p] != slow[p] {
				t.Errorf("%s: few records for %q, which does not run", s.Name, p)
			}
		}
	}
}

func TestTablesSayHowTheyCameAboutWhereOthersDidNot(t *testing.T) {
	r := noResults()
	if got := r.unusual("serial"); got != "" {
		t.Errorf("of nothing: %q", got)
	}
	most := origin{Day: "2026-11-26", Commit: "abc", Command: "go run ./compare -rounds 5"}
	r.Origins = map[string]origin{"serial": most, "eight": most, "plain": {Day: "2026-11-27", Commit: "def+", Command: "go run ./compare -rounds 5 -only plain"}}
	if got := r.unusual("serial"); got != "" {
		t.Errorf("as most: %q", got)
	}
	if got, want := r.unusual("plain"), " On 2026-11-27 at commit def+, by `go run ./compare -rounds 5 -only plain`."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := r.unusual("paced"); got != " From an earlier run." {
		t.Errorf("unknown: %q", got)
	}
	if got, want := r.about(), "Measured, where no table says otherwise: on 2026-11-26 at commit abc, by `go run ./compare -rounds 5`.\n"; !strings.Contains(got, want) {
		t.Errorf("got %q, want %q in it", got, want)
	}
}

func TestCommandsAreQuotedForAShell(t *testing.T) {
	got := strings.Join(quoted([]string{"-only", "serial|eight", "-peer", "", "it's"}), " ")
	if want := `-only 'serial|eight' -peer '' 'it'\''s'`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
