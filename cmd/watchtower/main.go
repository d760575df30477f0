// Command watchtower is the command line of Amazon CloudWatch Logs for people
// who write and run Go programs: it shows the library at work (demo), serves
// the service's API on this machine (local), reads log streams (get), and
// empties the folders in which programs keep events on disk (spool).
//
// Results go to standard output; everything else, errors and progress
// included, goes to standard error. An error is one line, followed by lines
// that begin with "hint:". The exit code is 0 for success, 1 for a failure
// and 2 for a command line that was not understood.
package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/watchtower-go/watchtower/internal/term"
)

// A cli is the whole command line, one field a verb.
type cli struct {
	Demo    demoCmd    `cmd:"" help:"See it work: log to a local server and read it back."`
	Local   localCmd   `cmd:"" help:"Serve the API of CloudWatch Logs on this machine."`
	Get     getCmd     `cmd:"" help:"Print the events of a log stream."`
	Spool   spoolCmd   `cmd:"" help:"Look into the events that programs keep on disk, and deliver them."`
	Config  configCmd  `cmd:"" help:"Check the files that configure logging."`
	Version versionCmd `cmd:"" help:"Print the version of this program."`
}

const about = `Application logs in Amazon CloudWatch Logs.

    watchtower demo                          see it work, nothing needed
    watchtower local                         a local server for your tests
    watchtower get -g my-app -s web --all    print a log stream
    watchtower help get                      all about one command`

// A console is where a verb writes to.
type console struct {
	out, err *term.Screen
}

func main() { os.Exit(run(os.Args[1:])) }

// run executes one command line and returns its exit code.
func run(args []string) int {
	con := &console{out: term.NewScreen(os.Stdout), err: term.NewScreen(os.Stderr)}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A reader that went away, as in "watchtower get … | head", is then an
	// error of a write, and a verb can still tidy up before it ends.
	signal.Ignore(syscall.SIGPIPE)

	verb, err := parse(args, con)
	if err == nil {
		verb.BindTo(ctx, (*context.Context)(nil))
		err = verb.Run(con)
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = errInterrupted
	}
	return report(con.err, err)
}

// usual turns what other programs call the version and the help into what this
// one does: "--version", "help" and "help VERB".
func usual(args []string) []string {
	switch args[0] {
	case "--version":
		return append([]string{"version"}, args[1:]...)
	case "help":
		return append(slices.Clone(args[1:]), "--help")
	}
	return args
}

// parse finds the verb and its flags in a command line.
func parse(args []string, con *console) (*kong.Context, error) {
	app, err := kong.New(&cli{},
		kong.Name("watchtower"),
		kong.Description(about),
		kong.Writers(con.out, con.err),
		kong.ConfigureHelp(kong.HelpOptions{
			Compact: true, FlagsLast: true, WrapUpperBound: 80, NoAppDescFormat: true,
		}),
	)
	if err != nil {
		return nil, err
	}
	if len(args) == 0 {
		return nil, usageError{withHints(errors.New("a command is missing"),
			"see it work with: watchtower demo", "all commands: watchtower --help")}
	}
	verb, err := app.Parse(usual(args))
	if err != nil {
		help := "watchtower --help"
		if p, ok := errors.AsType[*kong.ParseError](err); ok && p.Context.Selected() != nil {
			help = p.Context.Selected().FullPath() + " --help"
		}
		return nil, usageError{withHints(err, "the ways to call it: "+help)}
	}
	return verb, nil
}
