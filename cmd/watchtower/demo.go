package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/internal/term"
)

// demoCmd is what a new user runs first.
type demoCmd struct {
	Keep    bool   `help:"Leave the local server up until Ctrl-C."`
	AWS     bool   `name:"aws" help:"Log to AWS, with your credentials, instead of a local server."`
	Group   string `default:"watchtower-demo" placeholder:"NAME" help:"Log group. Default: watchtower-demo."`
	Region  string `placeholder:"NAME" help:"AWS region, with --aws."`
	Profile string `placeholder:"NAME" help:"Profile of the shared AWS configuration, with --aws."`
}

// Help is what "watchtower demo --help" says below the first line.
func (*demoCmd) Help() string {
	return `It plays a small web service that logs with log/slog to this console and to CloudWatch Logs at the same time, then reads everything back and checks that nothing is missing. It needs nothing: no AWS account, no network, no configuration.

Examples:

    watchtower demo
    watchtower demo --keep     then try the aws command that it prints
    watchtower demo --aws      the same in your AWS account

--aws creates the log group, with a retention of one day, and three log streams, and sends about 2 MB. It needs the IAM actions logs:CreateLogGroup, logs:CreateLogStream, logs:PutRetentionPolicy, logs:PutLogEvents and logs:GetLogEvents.`
}

// Validate is called by the parser of the command line.
func (d *demoCmd) Validate() error {
	switch {
	case d.Keep && d.AWS:
		return errors.New("--keep is for the local server, not for --aws")
	case !d.AWS && (d.Region != "" || d.Profile != ""):
		return errors.New("--region and --profile are for --aws")
	}
	return nil
}

const (
	// demoStreams is the demo's Options.LogStreamName.
	demoStreams = "web/{logger_name}"
	// demoTail is how many events of the burst's stream are printed.
	demoTail = 3
	// demoPatience bounds the delivery, and the reading back. AWS needs
	// seconds at most for either.
	demoPatience = 30 * time.Second
)

// Run plays the web service and shows what has become of its records.
func (d *demoCmd) Run(ctx context.Context, con *console) (err error) {
	stage, err := d.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stage.close()) }()
	show := &demoShow{console: con, cmd: d, stage: stage}
	start := time.Now()
	stats, err := d.log(ctx, show)
	if err != nil {
		return err
	}

	read, cancel := context.WithTimeout(ctx, demoPatience)
	defer cancel()
	begin := time.Now()
	streams := []string{"web/app", "web/app.db", "web/app.http"}
	back, err := readAll(read, stage.connection, d.Group, streams, start, stats.Delivered)
	if err != nil {
		return err
	}
	show.readBack(back, time.Since(begin))
	if err := show.tail(ctx, back[len(back)-1]); err != nil {
		return err
	}
	show.command(back[len(back)-1].stream)
	if d.Keep {
		<-ctx.Done()
		fmt.Fprintln(con.err, "stopped")
	}
	return nil
}

// log plays the web service and returns the ledger of its handler, in which
// every record is delivered.
func (d *demoCmd) log(ctx context.Context, show *demoShow) (watchtower.Stats, error) {
	wait := newFailure(ctx, demoPatience)
	defer wait.stop()
	h, err := watchtower.New(ctx, d.Group, &watchtower.Options{
		Client:        show.stage.Client,
		LogStreamName: demoStreams,
		Level:         slog.LevelDebug,
		WhenFull:      watchtower.Block,
		RetentionDays: 1,
		ReplaceAttr:   traced,
		OnError:       wait.tell,
	})
	if err != nil {
		return watchtower.Stats{}, err
	}
	// Nothing is created before the first record is sent: this comes in time.
	show.opening()
	service := newWebService(slog.NewTextHandler(show.out, &slog.HandlerOptions{ReplaceAttr: brief}), h)
	service.start()
	begin := time.Now()
	service.serve()
	burst := time.Since(begin)
	service.fail()
	service.stop()

	begin = time.Now()
	err = h.Flush(wait.ctx)
	flush := time.Since(begin)
	// An error of Close says the same as that of Flush before it.
	err = cmp.Or(err, h.Close(wait.ctx))
	stats := h.Stats()
	show.logged(burst, flush, stats)
	if lost := stats.Accepted - stats.Delivered; err == nil && lost > 0 {
		err = fmt.Errorf("%s not delivered", term.Plural(lost, "record"))
	}
	return stats, wait.explain(show.stage.connection, d.Group, err)
}
