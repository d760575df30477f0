// Compare measures the library beside its peers, and beside loggers that write
// to nowhere, under the same loads on the same machine, and writes the tables and
// plots of docs/performance.md.
//
// Each run is two processes: a sink that takes the place of CloudWatch Logs, and
// the peer. The runs of a scenario are interleaved: every peer once, then every
// peer once more, so that what the machine does by itself meets all of them.
//
//	go run ./compare -rounds 5 -out ../docs      # all of it
//	go run ./compare -only 'serial|eight'        # a part, to look at
//	go run ./compare -from ../docs/performance/results.json -out ../docs
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

// peers are those in this program; an init in each one's file adds it.
var peers = map[string]drive.Peer{}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case "sink":
			f := flag.NewFlagSet("sink", flag.ExitOnError)
			validate, secure := f.Bool("validate", false, ""), f.Bool("tls", false, "")
			f.Parse(args[1:])
			return serveSink(*validate, *secure)
		case "drive":
			return drive.Main(args[1], peers)
		}
	}
	f := flag.NewFlagSet("compare", flag.ExitOnError)
	rounds := f.Int("rounds", 5, "runs of each peer in each scenario; the median is shown")
	only := f.String("only", "", "regular expression of the names of the scenarios that are run, and steps")
	peer := f.String("peer", "", "regular expression of the peers")
	out := f.String("out", "", "folder of performance.md, to write its tables and plots")
	from := f.String("from", "", "results.json of an earlier run, to write these again")
	f.Parse(args)

	scenarioNames, err := regexp.Compile("^(" + *only + ")")
	if err != nil {
		return err
	}
	peerNames, err := regexp.Compile("^(" + *peer + ")")
	if err != nil {
		return err
	}
	var all results
	if *from != "" {
		all, err = readResults(*from)
	} else {
		if err := buildForeign(); err != nil {
			return err
		}
		all = earlier(*out)
		err = all.measure(*rounds, scenarioNames, peerNames, *out)
	}
	if err != nil {
		return err
	}
	all.print(os.Stdout)
	if *out != "" && *from != "" {
		return all.write(*out)
	}
	return nil
}

// measure runs the scenarios in order, their peers in turn. What has been measured
// is written after each scenario.
func (r *results) measure(rounds int, only, peers *regexp.Regexp, out string) error {
	save := func() error {
		if out == "" {
			return nil
		}
		return r.write(out)
	}
	for _, s := range scenarios {
		if !only.MatchString(s.Name) {
			continue
		}
		r.Runs[s.Name] = measure(s, rounds, peers)
		if err := save(); err != nil {
			return err
		}
	}
	if !only.MatchString("steps") {
		return nil
	}
	var err error
	if r.Steps, err = measureSteps(); err != nil {
		return err
	}
	return save()
}

func measure(s *scenario, rounds int, peers *regexp.Regexp) map[string][]*outcome {
	byPeer := map[string][]*outcome{}
	if s.Rounds > 0 {
		rounds = min(rounds, s.Rounds)
	}
	for round := range rounds {
		for _, p := range s.Peers {
			if !peers.MatchString(p) {
				continue
			}
			o := compare(s, p)
			byPeer[p] = append(byPeer[p], o)
			fmt.Fprintf(os.Stderr, "%s %d/%d %s: %s\n", s.Name, round+1, rounds, p, o.summary(s.loadOf(p)))
		}
	}
	return byPeer
}
