package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/spool"
	"github.com/watchtower-go/watchtower/internal/term"
)

// spoolDrainCmd delivers what is in a spool.
type spoolDrainCmd struct {
	Dir      string        `arg:"" placeholder:"DIR" help:"The spool: a program's SpoolDir."`
	Group    string        `short:"g" required:"" placeholder:"NAME" help:"Log group to deliver to."`
	AnyGroup bool          `help:"Deliver also what was written for other log groups or regions."`
	Create   bool          `help:"Create the log group if it does not exist."`
	TooOld   string        `enum:"refuse,restamp,drop" default:"refuse" placeholder:"WHAT" help:"What to do with events older than 14 days, which the service does not take: refuse (the default) to begin, restamp them with the time of now, or drop them."`
	Timeout  time.Duration `default:"15m" placeholder:"TIME" help:"Give up after this time, such as 90s. Default: 15m. What is not delivered stays."`

	endpoint
}

// Help is what "watchtower spool drain --help" says below the first line.
func (*spoolDrainCmd) Help() string {
	return `It delivers the events that processes left behind which are gone, as the next process with the same SpoolDir would, and removes their files. Subfolders of living processes are locked, and left alone: these processes deliver their own. So is what was written for another log group or region, unless --any-group is given. It can be repeated; nothing is delivered twice, unless an answer of the service is lost, or the program was killed while it delivered: the ledger at the end counts such events as possible duplicates.

Examples:

    watchtower spool drain /var/spool/my-app -g my-app
    watchtower spool drain /var/spool/my-app -g my-app --create --region eu-west-1
    watchtower spool drain /var/spool/my-app -g my-app --too-old restamp
    watchtower spool drain /var/spool/my-app -g my-new-name --any-group
    watchtower spool drain ./spool -g my-app --endpoint-url http://127.0.0.1:4586

The identity needs the IAM actions logs:PutLogEvents and logs:CreateLogStream, with --create logs:CreateLogGroup too. The exit code is 1 if not everything was delivered; the ledger says what was not.`
}

// Validate is called by the parser of the command line.
func (d *spoolDrainCmd) Validate() error {
	if d.Timeout <= 0 {
		return fmt.Errorf("--timeout: %v is no time to deliver anything", d.Timeout)
	}
	return d.endpoint.Validate()
}

// Run delivers, and prints the ledger.
func (d *spoolDrainCmd) Run(ctx context.Context, con *console) error {
	// Validate would come before the parser's own word that it is missing.
	if err := cwl.ValidateGroupName(d.Group); err != nil {
		return usageError{withHints(fmt.Errorf("--group: %w", err), "the ways to call it: watchtower spool drain --help")}
	}
	infos, err := listSpool(d.Dir)
	if err != nil {
		return err
	}
	left := countLeft(infos)
	d.warn(con, infos)
	if left.records+left.own == 0 {
		if _, err := fmt.Fprintln(con.out, "nothing to deliver"); err != nil {
			return err
		}
		return explainUnread(infos)
	}
	c, err := d.connect(ctx)
	if err != nil {
		return err
	}
	if infos, err = d.claim(con, c.region, infos); err != nil {
		return err
	}
	left = countLeft(infos)
	if err := d.refuseOld(left); err != nil {
		return err
	}
	stats, err := d.deliver(ctx, con, c, left)
	if err != nil && stats.Recovered+stats.Own == 0 {
		return err
	}
	if failed := printLedger(con, stats); failed != nil {
		return failed
	}
	if err != nil {
		return keepsLeft(err, stats)
	}
	if err := explainLost(stats, d.Dir); err != nil {
		return err
	}
	return explainUnread(infos)
}

// A leftover is what is in the subfolders that no process has.
type leftover struct {
	records int64
	own     int64 // records that tell of losses
	oldest  time.Time
}

func countLeft(infos []spool.Info) (l leftover) {
	for _, i := range infos {
		if i.Locked || i.Events == 0 {
			continue
		}
		l.records += i.Records
		l.own += i.Own
		if l.oldest.IsZero() || i.Oldest.Before(l.oldest) {
			l.oldest = i.Oldest
		}
	}
	return l
}

// warn tells of what is not going to be delivered.
func (d *spoolDrainCmd) warn(con *console, infos []spool.Info) {
	locked, records := 0, int64(0)
	for _, i := range infos {
		if i.Locked {
			locked++
			records += i.Records
			continue
		}
		for _, wrong := range i.Damage {
			d.warning(con, "%v", wrong)
		}
	}
	if locked > 0 {
		d.warning(con, "left alone: %s of a living process, with %s", term.Plural(locked, "locked folder"), term.Plural(records, "record"))
	}
}

func (*spoolDrainCmd) warning(con *console, format string, args ...any) {
	fmt.Fprintln(con.err, con.err.Paint(term.Yellow, "warning:"), term.Visible(fmt.Sprintf(format, args...)))
}

// oldest is the age from which the service takes no events (API page
// PutLogEvents), with an hour for the delivery itself.
const oldest = 14*24*time.Hour - time.Hour

// refuseOld keeps events from being given up unasked.
func (d *spoolDrainCmd) refuseOld(left leftover) error {
	if d.TooOld != "refuse" || time.Since(left.oldest) < oldest {
		return nil
	}
	return withHints(fmt.Errorf("the oldest event is from %s, and the service takes none that is older than 14 days", eventTime(left.oldest)),
		"to deliver such events with the time of now, and theirs as a field: --too-old restamp",
		"to give them up: --too-old drop; before that, keep a copy: watchtower spool export "+d.Dir)
}

// keepsLeft adds to the reason of an early end what that leaves.
func keepsLeft(err error, s watchtower.Stats) error {
	stays := s.Recovered - s.Delivered - s.Rejected - s.Dropped
	hint := fmt.Sprintf("not delivered: %s; they stay in the spool, and the same command goes on with them", term.Plural(stays, "record"))
	if h, ok := errors.AsType[*hinted](err); ok {
		return withHints(err, append(h.hints, hint)...)
	}
	return withHints(err, hint)
}

// explainLost says what became of records that the service did not take.
func explainLost(s watchtower.Stats, dir string) error {
	lost := s.Rejected + s.Dropped
	if lost == 0 {
		return nil
	}
	return withHints(fmt.Errorf("%s not taken by the service, and no longer in the spool", term.Plural(lost, "record")),
		"the reasons are in the ledger above, and explained in docs/failures.md",
		"another time, keep a copy first: watchtower spool export "+dir)
}

// explainUnread says what could not be read, and so not be delivered. A damaged
// tail is what nobody was promised.
func explainUnread(infos []spool.Info) error {
	for _, i := range infos {
		for _, wrong := range i.Damage {
			d, damaged := errors.AsType[*spool.DamageError](wrong)
			switch {
			case i.Locked || damaged && d.Events == 0:
			case damaged:
				return withHints(fmt.Errorf("%s in the spool could not be read", term.Plural(d.Events, "damaged event")), "all others are delivered")
			default:
				return withHints(wrong, "that file stays in the spool; all others are delivered")
			}
		}
	}
	return nil
}
