package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/internal/term"
)

// A demoShow prints what a demo does, for a window of 80 columns.
type demoShow struct {
	*console
	cmd   *demoCmd
	stage *stage
}

// heading starts one of the numbered parts.
func (s *demoShow) heading(text string) {
	fmt.Fprintf(s.out, "\n%s\n\n", s.out.Paint(term.Bold, text))
}

// say prints a line.
func (s *demoShow) say(format string, args ...any) {
	fmt.Fprintf(s.out, format+"\n", args...)
}

// opening says what is about to happen, and what it creates.
func (s *demoShow) opening() {
	s.say("%s", s.out.Paint(term.Bold, "watchtower demo: a web service logs to its console and to CloudWatch Logs"))
	s.say("")
	if s.stage.url != "" {
		s.say("A local CloudWatch Logs runs at %s, in memory.", s.out.Paint(term.Cyan, s.stage.url))
	} else {
		s.say("In %s this creates the log group %s (events expire after", s.stage.region, s.cmd.Group)
		s.say("one day) with three log streams, and sends about 2 MB.")
	}
	s.say("Each named logger has a log stream of its own. In essence:")
	s.say("")
	s.say("    h, err := watchtower.New(ctx, %q,", s.cmd.Group)
	s.say("        &watchtower.Options{LogStreamName: %q})", demoStreams)
	s.say("    log := slog.New(slog.NewMultiHandler(console, h.Named(\"app.http\")))")
	s.heading("1. The console")
}

// logged shows the burst and the ledger after the flush.
func (s *demoShow) logged(burst, flush time.Duration, stats watchtower.Stats) {
	s.say("")
	s.say("… and a burst of %s requests at level DEBUG, by %d goroutines at once,", term.Count(burstRequests), burstWorkers)
	s.say("for CloudWatch only: %s in all, %s a record.", rounded(burst), rounded(burst/burstRequests))
	s.heading("2. The ledger, after a flush of " + rounded(flush))
	t := term.Table{Indent: 2, Right: []int{0, 1, 2, 3, 4, 5}}
	t.Row("accepted", "delivered", "rejected", "dropped", "spooled", "pending")
	good := term.Green
	if stats.Delivered != stats.Accepted {
		good = term.Red
	}
	t.Row(term.Count(stats.Accepted), s.out.Paint(good, term.Count(stats.Delivered)), term.Count(stats.Rejected),
		term.Count(stats.Dropped), term.Count(stats.Spooled), term.Count(stats.Pending))
	t.WriteTo(s.out)
}

// readBack shows what the streams hold.
func (s *demoShow) readBack(back []*readback, took time.Duration) {
	s.heading("3. Read back with GetLogEvents, in " + rounded(took))
	t := term.Table{Indent: 2, Right: []int{1}}
	t.Row("log stream", "events", "first", "last")
	n := 0
	for _, r := range back {
		t.Row(r.stream, term.Count(r.events), r.first.Format("15:04:05.000"), r.last.Format("15:04:05.000"))
		n += r.events
	}
	t.WriteTo(s.out)
	s.say("")
	s.say("  %s", s.out.Paint(term.Green, "every one of "+term.Count(n)+" is there, once, and in order"))
}

// tail prints the end of a stream the way the AWS CLI does.
func (s *demoShow) tail(ctx context.Context, r *readback) error {
	page, err := s.stage.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{
		LogGroupName: &s.cmd.Group, LogStreamName: &r.stream, Limit: new(int32(demoTail)),
	})
	if err != nil {
		return s.stage.explain(err, fmt.Sprintf("log stream %q", r.stream))
	}
	s.heading(fmt.Sprintf("4. The last %d events of %s, as the AWS CLI prints them", len(page.Events), r.stream))
	var b bytes.Buffer
	w := newEventWriter("json", &b, s.out)
	for i := range page.Events {
		if err := w.event(&page.Events[i]); err != nil {
			return err
		}
	}
	if err := w.end(aws.ToString(page.NextForwardToken), aws.ToString(page.NextBackwardToken)); err != nil {
		return err
	}
	if _, err := io.Copy(s.out, &b); err != nil {
		return err
	}
	s.say("")
	s.say("(%s before them are left out here.)", term.Plural(r.events-len(page.Events), "event"))
	return nil
}

// command prints the line for the AWS CLI that prints the same, and what to
// do next.
func (s *demoShow) command(stream string) {
	s.heading("5. The same with the AWS CLI")
	for _, line := range s.commandLines(stream) {
		s.say("%s", s.out.Paint(term.Cyan, line))
	}
	s.say("")
	switch {
	case s.cmd.AWS:
		s.say("All gone again with:")
		s.say("%s", s.out.Paint(term.Cyan, "aws "+strings.Join(s.awsFlags(), " ")+" logs delete-log-group --log-group-name "+quoted(s.cmd.Group)))
	case s.cmd.Keep:
		s.say("The server stays up for it. Ctrl-C stops it.")
	default:
		s.say("The local server stops now. To try that line:  watchtower demo --keep")
		s.say("In your own AWS account:                       watchtower demo --aws")
		s.say("A local server for your own tests:             watchtower local")
	}
}

// commandLines is one command, complete, over several lines.
func (s *demoShow) commandLines(stream string) []string {
	var lines []string
	if s.stage.url != "" {
		// As assignments for this one command: keys in the configuration stay
		// unused, and clients that know no endpoint variable understand it.
		lines = append(lines, "AWS_ACCESS_KEY_ID="+placeholderKey+" AWS_SECRET_ACCESS_KEY="+placeholderSecret+` \`)
	}
	// --output, because the user's configuration may ask for a table or YAML.
	return append(lines,
		"aws "+strings.Join(s.awsFlags(), " ")+` --output json \`,
		"  logs get-log-events --log-group-name "+quoted(s.cmd.Group)+` \`,
		fmt.Sprintf("  --log-stream-name %s --limit %d", stream, demoTail))
}

// awsFlags says to the AWS CLI where the demo's log group is.
func (s *demoShow) awsFlags() []string {
	flags := []string{"--region " + s.stage.region}
	if s.stage.url != "" {
		flags = append([]string{"--endpoint-url " + s.stage.url}, flags...)
	}
	if s.cmd.Profile != "" {
		flags = append(flags, "--profile "+quoted(s.cmd.Profile))
	}
	return flags
}

// quoted is text as one word of a POSIX shell.
func quoted(text string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-", r)
	}
	if strings.TrimFunc(text, plain) == "" && text != "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// rounded is a duration with the digits that matter.
func rounded(d time.Duration) string {
	for unit := time.Second; unit > time.Nanosecond; unit /= 10 {
		if d >= unit {
			return d.Round(unit / 100).String()
		}
	}
	return d.String()
}
