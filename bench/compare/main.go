// Compare measures the library beside its peers, and beside loggers that write
// to nowhere, under the same loads on the same machine, and writes the tables and
// plots of docs/performance.md.
//
// Each run is two processes: a sink that takes the place of CloudWatch Logs, and
// the peer. The runs of a scenario are interleaved: every peer once, then every
// peer once more, in the other order, so that what the machine does by itself
// meets all of them. It runs in bench/, where its peers are.
//
//	go run ./compare -rounds 5 -out ../docs      # all of it
//	go run ./compare -only 'serial|eight'        # a part, to look at
//	go run ./compare -list -only serial          # what that would be, and whether it can be
//	go run ./compare -from ../docs/performance/results.json -out ../docs
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

// peers are those in this program; an init in each one's file adds it.
var peers = map[string]drive.Peer{}

func main() {
	err := run(context.Background(), os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

// run is the command, or a process of one of its runs.
func run(ctx context.Context, args []string) error {
	if len(args) > 0 {
		if process, ok := processes[args[0]]; ok {
			return process(args[1:])
		}
	}
	o, err := parse(args)
	if err != nil {
		return err
	}
	if o.out != "" {
		if err := checkPage(o.out); err != nil {
			return err
		}
	}
	if o.from != "" {
		return rewrite(o.from, o.out)
	}
	c, err := choose(o.rounds, o.only, o.peer)
	if err != nil {
		return err
	}
	all, err := earlier(o.out, o.fresh)
	if err != nil {
		return err
	}
	if o.list {
		fmt.Println(strings.Join(c.parts, "\n"))
		return nil
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := all.measure(ctx, c, o.out); err != nil {
		return err
	}
	all.print(os.Stdout)
	return nil
}

// orders are the command's flags.
type orders struct {
	rounds                int
	only, peer, out, from string
	fresh, list           bool
}

// parse reads them; what has no effect beside another one is an error.
func parse(args []string) (*orders, error) {
	o := new(orders)
	f := flag.NewFlagSet("compare", flag.ContinueOnError)
	f.IntVar(&o.rounds, "rounds", 5, "runs of each peer in each scenario; the median is shown")
	f.StringVar(&o.only, "only", "", "regular expression: how the names of what is measured begin")
	f.StringVar(&o.peer, "peer", "", "regular expression: how the names of the peers begin; the others leave the tables")
	f.StringVar(&o.out, "out", "", "folder of performance.md, to write its tables and plots; without it they are printed only")
	f.StringVar(&o.from, "from", "", "results.json of an earlier run, to write these again instead of measuring")
	f.BoolVar(&o.fresh, "fresh", false, "give up the results that -out has, as those of another machine")
	f.BoolVar(&o.list, "list", false, "say what would be measured, if nothing stands against it, and do no more")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("%q is no flag; -h lists them", f.Arg(0))
	}
	var vain error
	f.Visit(func(given *flag.Flag) {
		if o.from != "" && given.Name != "from" && given.Name != "out" {
			vain = fmt.Errorf("-%s is for measuring, and -from does not measure: leave one of them out", given.Name)
		}
	})
	if o.fresh && o.out == "" {
		vain = errors.New("-fresh gives up what -out has: add -out, or leave -fresh out")
	}
	return o, vain
}

// processes are what this program is in a run, by its first argument.
var processes = map[string]func(args []string) error{
	"sink": func(args []string) error {
		f := flag.NewFlagSet("sink", flag.ContinueOnError)
		validate := f.Bool("validate", false, "check every batch when the counts are asked for")
		secure := f.Bool("tls", false, "serve TLS; the certificate goes to the file that $AWS_CA_BUNDLE names")
		if err := f.Parse(args); err != nil {
			return err
		}
		return serveSink(*validate, *secure)
	},
	"drive": func(args []string) error {
		if len(args) != 1 {
			return errors.New("drive wants a load as JSON, as in internal/drive/load.go")
		}
		return drive.Main(args[0], peers)
	},
	"floor": func(args []string) error {
		if len(args) != 1 {
			return errors.New("floor wants the URL of a sink")
		}
		return printFloor(args[0])
	},
}

// rewrite prints the tables of earlier results, and writes them if it is told
// where.
func rewrite(from, out string) error {
	all, err := readResults(from)
	if err != nil {
		return err
	}
	all.print(os.Stdout)
	if out == "" {
		return nil
	}
	return all.write(out)
}
