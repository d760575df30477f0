package sink

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// TimedOptions says which file a TimedRotating sink writes, and when the next
// one begins.
type TimedOptions struct {
	// Filename, Encoding, Errors and Delay are those of FileOptions.
	Filename string
	Encoding string
	Errors   string
	Delay    bool
	// When is the unit of Interval, in upper or lower case: S, M, H, D for
	// seconds to days from the last change of the file, "midnight" for each
	// midnight, W0 (Monday) to W6 (Sunday) for the midnight at the end of that
	// day. If empty, it is H.
	When string
	// Interval is the number of units from one rotation to the next. If zero,
	// it is 1.
	Interval int
	// BackupCount is how many older files are kept; the rest is removed,
	// oldest first. If zero, all are kept.
	BackupCount int
	// UTC counts days, and names files, in UTC instead of the local zone.
	UTC bool
	// AtTime is the time of day at which midnight and W0 to W6 rotate, counted
	// from midnight, in whole seconds. If zero, it is the midnight at the end of
	// the day.
	AtTime time.Duration
}

// Path is where the file is, from the root on.
func (o TimedOptions) Path() string { return absolute(o.Filename) }

// TimedRotating returns a sink that writes lines to a file and begins a new one
// at certain times (TimedRotatingFileHandler). As in Python the file is rotated
// by the first line after that time, and the older file is named for the
// beginning of its period: app.log.2026-01-31 for days, with _15-04-05 as far as
// the unit needs it.
//
// Where an older file has that name already, which comes of two processes with
// one file and of the hour that the clocks go through twice, nothing is
// rotated: lines go on in the file until the next time. (CPython 3.13 does not
// rotate again until it is restarted; earlier ones overwrite the older file.)
// When the file cannot be renamed, the line goes into the one that is there,
// Write returns a RotateError, and the next line tries again.
func TimedRotating(o TimedOptions) (Sink, error) {
	zone := time.Local
	if o.UTC {
		zone = time.UTC
	}
	t, err := newTimed(o, zone)
	if err != nil {
		return nil, err
	}
	return t, nil
}

func newTimed(o TimedOptions, zone *time.Location) (*timed, error) {
	plan, err := newSchedule(o, zone)
	if err != nil {
		return nil, err
	}
	if o.BackupCount < 0 {
		return nil, fmt.Errorf("backupCount %d: it is below 0", o.BackupCount)
	}
	// Its period began when the file was last written to.
	began := time.Now()
	if info, err := os.Stat(o.Filename); err == nil {
		began = info.ModTime()
	}
	enc, err := newEncoding(o.Encoding, o.Errors)
	if err != nil {
		return nil, err
	}
	out, err := newOutput(o.Filename, "a", enc, o.Delay)
	if err != nil {
		return nil, err
	}
	return &timed{out: out, plan: plan, backups: o.BackupCount, due: plan.next(began.Unix())}, nil
}

type timed struct {
	mu      sync.Mutex
	out     *output
	plan    schedule
	backups int
	due     int64 // of the next rotation, in seconds since 1970
}

func (t *timed) Write(_ slog.Level, _ time.Time, line []byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.out.closed {
		return ErrClosed
	}
	var err error
	if now := time.Now().Unix(); now >= t.due {
		err = t.roll(now)
	}
	return t.out.writeAfter(err, line)
}

func (t *timed) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.out.shut()
}

// roll gives the file the name of its period and removes those that are too
// many.
func (t *timed) roll(now int64) error {
	if !t.out.regular() {
		t.due = t.plan.next(now)
		return nil
	}
	name := t.out.path + "." + t.plan.name(t.due, now)
	if _, err := os.Lstat(name); err == nil {
		// Another process may have moved the file there: open the new one.
		t.due = t.plan.next(now)
		return t.out.release()
	}
	if err := t.out.move(name); err != nil {
		return err
	}
	t.due = t.plan.next(now)
	return t.prune()
}

// prune removes the oldest files beyond BackupCount.
func (t *timed) prune() error {
	if t.backups == 0 {
		return nil
	}
	folder, base := filepath.Split(t.out.path)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("remove old files of %s: %w", t.out.path, err)
	}
	var old []string
	for _, e := range entries {
		if suffix, ok := strings.CutPrefix(e.Name(), base+"."); ok && t.plan.matches(suffix) {
			old = append(old, e.Name())
		}
	}
	slices.Sort(old)
	var errs []error
	for _, name := range old[:max(len(old)-t.backups, 0)] {
		errs = append(errs, os.Remove(filepath.Join(folder, name)))
	}
	return errors.Join(errs...)
}
