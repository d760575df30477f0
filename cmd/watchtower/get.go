package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/watchtower-go/watchtower/internal/term"
)

// getCmd prints the events of one log stream.
type getCmd struct {
	Group    string  `short:"g" required:"" placeholder:"NAME" help:"Log group: its name or ARN."`
	Stream   *string `short:"s" placeholder:"NAME" help:"Log stream. Required; without it the error names those there are."`
	Since    *moment `placeholder:"TIME" help:"Only events at or after this time: 2h, 3d, 2006-01-02T15:04:05Z, 2006-01-02, or milliseconds since 1970."`
	Until    *moment `placeholder:"TIME" help:"Only events before this time; \"now\" too."`
	Limit    events  `placeholder:"N" help:"At most N events."`
	FromHead bool    `help:"The earliest page instead of the latest."`
	All      bool    `help:"Every page, from the earliest event on."`
	Output   string  `short:"o" enum:"text,json,ndjson" default:"text" placeholder:"FORMAT" help:"text (the default): time and message. json: what \"aws logs get-log-events\" prints. ndjson: one JSON object a line."`

	endpoint
}

// Help is what "watchtower get --help" says below the first line.
func (*getCmd) Help() string {
	return `Without --all it prints one page, the latest, as the service cuts it: at most 10,000 events and 1 MB. Events are in the order of their time, always. Times without a zone are UTC.

Examples:

    watchtower get -g my-app               # which streams are there?
    watchtower get -g my-app -s web
    watchtower get -g my-app -s web --since 2h --all
    watchtower get -g my-app -s web --limit 20 -o json
    watchtower get -g my-app -s web --all -o ndjson | jq -r .message
    watchtower get -g my-app -s web --endpoint-url http://127.0.0.1:4586

The identity needs the IAM action logs:GetLogEvents, and logs:DescribeLogStreams to name streams. Results are written as they arrive. If it is interrupted, or fails half-way, what was printed so far is right but not all, a JSON document has no end, and the exit code is 1.`
}

// maxPage is the largest page (API page GetLogEvents, limit).
const maxPage = 10_000

// Validate is called by the parser of the command line.
func (g *getCmd) Validate() error {
	switch {
	case g.Limit > maxPage && !g.All:
		return fmt.Errorf("--limit: %d is more than the %d events of a page: add --all", g.Limit, maxPage)
	case g.Since != nil && g.Until != nil && !g.Since.Before(g.Until.Time):
		return errors.New("--since is not before --until")
	}
	return g.endpoint.Validate()
}

// Run reads and prints.
func (g *getCmd) Run(ctx context.Context, con *console) error {
	// Validate would come before the parser's own word that they are missing.
	if g.Group == "" || g.Stream != nil && *g.Stream == "" {
		flag := "--group"
		if g.Group != "" {
			flag = "--stream"
		}
		return usageError{withHints(fmt.Errorf("%s: the name is empty", flag),
			"is a variable of the script not set?", "the ways to call it: watchtower get --help")}
	}
	if g.Stream == nil {
		return g.whichStream(ctx)
	}
	c, err := g.connect(ctx)
	if err != nil {
		return err
	}
	// A system call for each line would cost more than all the rest.
	w := bufio.NewWriterSize(con.out, 64<<10)
	progress := con.err.Progress("event")
	defer progress.Clear()
	if err := g.copy(ctx, c, newEventWriter(g.Output, w, con.out), w, progress); err != nil {
		// What was read before the failure is a result too.
		progress.Clear()
		return errors.Join(g.explain(ctx, c, err), w.Flush())
	}
	return w.Flush()
}

// listPatience bounds the search for names that nobody has asked for.
const listPatience = 10 * time.Second

// whichStream is the error of a command line without a stream: the names of
// those there are make the next one right. Where they cannot be had, that the
// flag is missing is all there is to say.
func (g *getCmd) whichStream(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, listPatience)
	defer cancel()
	hints := []string{"the ways to call it: watchtower get --help"}
	if c, err := g.connect(ctx); err == nil {
		there, err := c.streamsOf(ctx, g.Group)
		switch {
		case isType[*types.ResourceNotFoundException](err):
			return c.missingGroup(ctx, err, g.Group)
		case err == nil:
			hints = append([]string{there}, hints...)
		}
	}
	return usageError{withHints(errors.New("missing flags: --stream=NAME"), hints...)}
}

// copy prints page after page. A page is flushed before the next is asked for:
// whoever reads the output sees it at once, and memory holds one page.
func (g *getCmd) copy(ctx context.Context, c *connection, out eventWriter, w *bufio.Writer, progress *term.Progress) error {
	var last *cloudwatchlogs.GetLogEventsOutput
	n := int64(0) // events so far
	for page, err := range pages(ctx, c.Client, g.input(), g.All, int(g.Limit)) {
		if err != nil {
			return err
		}
		progress.Clear()
		for i := range page.Events {
			if err := out.event(&page.Events[i]); err != nil {
				return writeError{err}
			}
		}
		if err := w.Flush(); err != nil {
			return writeError{err}
		}
		if n += int64(len(page.Events)); len(page.Events) > 0 {
			reached := aws.ToInt64(page.Events[len(page.Events)-1].Timestamp)
			progress.Show(n, "at "+time.UnixMilli(reached).UTC().Format(time.DateTime))
		}
		last = page
	}
	if err := out.end(aws.ToString(last.NextForwardToken), aws.ToString(last.NextBackwardToken)); err != nil {
		return writeError{err}
	}
	return nil
}

// input is the first call.
func (g *getCmd) input() *cloudwatchlogs.GetLogEventsInput {
	in := &cloudwatchlogs.GetLogEventsInput{
		LogStreamName: g.Stream,
		StartTime:     g.Since.millis(),
		EndTime:       g.Until.millis(),
		StartFromHead: new(g.FromHead || g.All),
	}
	if strings.HasPrefix(g.Group, "arn:") {
		// Consoles show the ARN with ":*" at its end; the call wants it without.
		in.LogGroupIdentifier = new(strings.TrimSuffix(g.Group, ":*"))
	} else {
		in.LogGroupName = &g.Group
	}
	return in
}

// A writeError is a failure to write the result, not to read it.
type writeError struct{ error }

func (e writeError) Unwrap() error { return e.error }

// explain tells a failure to write, which is this machine's, from one to read.
func (g *getCmd) explain(ctx context.Context, c *connection, err error) error {
	if e, ok := errors.AsType[writeError](err); ok {
		return fmt.Errorf("write the result: %w", e.error)
	}
	return c.explainMissing(ctx, err, g.Group, *g.Stream)
}
