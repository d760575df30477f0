// Package watchlogrus is logrus's door to watchtower: a hook whose entries go to
// CloudWatch Logs.
//
//	logger.AddHook(watchlogrus.New(h, nil))
//
// What else logrus does with the entry, such as writing it to standard error,
// stays as it is; logger.SetOutput(io.Discard) ends that.
//
// # Messages
//
// An entry becomes what slog would make of it: JSON with the keys time, level,
// msg, logger, source (with ReportCaller), then the fields in the order of
// their keys, or what [watchtower.Options] say: Format, NewFormatter and
// ReplaceAttr work as for slog. A field with one of these keys is written as
// "fields.msg", as logrus does it. A field can be a value of slog, such as that of a
// [watchtower.Metric]. With Options.Formatter a formatter of logrus makes the message
// instead. ContextAttrs of the handler's options gets what WithContext gave.
//
// Placeholders {attr:KEY} of the log stream's name stand for fields, {logger_name} for
// the name of the handler: give New h.Named(…).
//
// # Levels
//
// Trace, Fatal and Panic are the slog levels -8, 12 and 13, and are written as
// DEBUG-4, ERROR+4 and ERROR+5. A ReplaceAttr can call them otherwise. AtLevel tells
// which is which.
package watchlogrus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/watchtower-go/watchtower"
)

// Options tell [New] how to log. The zero value is a good one.
type Options struct {
	// Levels are those that are logged. If nil, all that the handler takes.
	Levels []logrus.Level
	// Formatter, if set, makes each message, so that it is as in logrus's own
	// output; the options of the handler about its form, ContextAttrs and
	// Sampling are of no use then. It must be safe for concurrent use, as logrus's
	// own are.
	Formatter logrus.Formatter
	// FlushTimeout bounds the flush of Fatal and Panic. If zero, 5 s.
	FlushTimeout time.Duration
}

// New returns a hook that logs through h. opts may be nil.
//
// Fire returns no error when an entry is dropped, because logrus would print each:
// the handler's Stats and OnError tell of losses. After the handler's Close it
// returns watchtower.ErrClosed.
//
// What was logged up to an entry of Fatal or Panic is delivered when Fire returns, or
// FlushTimeout has passed.
// When that does not succeed for Fatal, the handler is closed as logrus exits, so that
// what is left is on disk, in your Fallback, or told (see watchtower.FlushOrClose): an
// exit handler of logrus does it, since a program goes on after Log(FatalLevel).
func New(h *watchtower.Handler, opts *Options) logrus.Hook {
	if opts == nil {
		opts = new(Options)
	}
	return &hook{
		h: h, levels: slices.Clone(opts.Levels), formatter: opts.Formatter,
		timeout: cmp.Or(opts.FlushTimeout, 5*time.Second),
	}
}

type hook struct {
	h         *watchtower.Handler
	levels    []logrus.Level // nil: as the handler says
	formatter logrus.Formatter
	timeout   time.Duration

	atExit sync.Once // registers what closes the handler
}

// Levels returns the levels that the hook is called for: also for those that end the
// program, since there is something in the queue then.
func (k *hook) Levels() []logrus.Level {
	if k.levels == nil {
		return logrus.AllLevels
	}
	all := slices.Concat(k.levels, []logrus.Level{logrus.PanicLevel, logrus.FatalLevel})
	slices.Sort(all)
	return slices.Compact(all)
}

// Fire makes one event of the entry, and flushes if the program may be about to
// end.
func (k *hook) Fire(entry *logrus.Entry) error {
	ctx := entry.Context
	if ctx == nil {
		ctx = context.Background()
	}
	level := AtLevel(entry.Level)
	logged := slices.Contains(k.levels, entry.Level)
	if k.levels == nil {
		logged = k.h.Enabled(ctx, level)
	}
	var err error
	if logged {
		err = k.log(ctx, level, entry)
	}
	if entry.Level <= logrus.FatalLevel && k.flush() != nil && entry.Level == logrus.FatalLevel {
		k.atExit.Do(k.closeAtExit)
	}
	if errors.Is(err, watchtower.ErrClosed) {
		return watchtower.ErrClosed
	}
	return nil
}

// flush waits until what was logged is delivered, or FlushTimeout has passed.
func (k *hook) flush() error {
	ctx, cancel := context.WithTimeout(context.Background(), k.timeout)
	defer cancel()
	return k.h.Flush(ctx)
}

// registering guards logrus's list of exit handlers, which has no lock.
var registering sync.Mutex

// closeAtExit has the handler closed when logrus ends the program. The time for a
// flush is up already: it has a moment more.
func (k *hook) closeAtExit() {
	registering.Lock()
	defer registering.Unlock()
	logrus.RegisterExitHandler(sync.OnceFunc(func() {
		watchtower.FlushOrClose(k.h, min(k.timeout, time.Second))
	}))
}

// log hands the entry to the handler. One that the formatter cannot write is not
// lost: the handler formats it, and says why.
func (k *hook) log(ctx context.Context, level slog.Level, entry *logrus.Entry) error {
	attrs := attrsOf(entry)
	if k.formatter != nil {
		msg, err := k.format(entry)
		if err == nil {
			// As Handle, it does not look at the entry's context being cancelled.
			return k.h.Put(context.WithoutCancel(ctx), watchtower.Event{Time: entry.Time, Level: level, Message: msg, Attrs: attrs})
		}
		attrs = append(attrs, slog.String("!FORMATTER", err.Error()))
	}
	r := slog.NewRecord(entry.Time, level, entry.Message, 0)
	var top []slog.Attr
	if entry.HasCaller() {
		top = []slog.Attr{slog.Any(slog.SourceKey, &slog.Source{
			Function: entry.Caller.Function, File: entry.Caller.File, Line: entry.Caller.Line,
		})}
	}
	if len(attrs) > 0 {
		r.AddAttrs(slog.Attr{Value: slog.GroupValue(attrs...)}) // a group without a name costs no copy
	}
	return k.h.HandleTop(ctx, top, r)
}

// format returns what the formatter makes of the entry, less a newline at its end.
func (k *hook) format(entry *logrus.Entry) (msg string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("!PANIC: %v", p)
		}
	}()
	line, err := k.formatter.Format(entry)
	return strings.TrimSuffix(string(line), "\n"), err
}

// attrsOf returns the fields in the order of their keys, so that equal entries are
// equal messages.
func attrsOf(entry *logrus.Entry) []slog.Attr {
	keys := slices.AppendSeq(make([]string, 0, len(entry.Data)), maps.Keys(entry.Data))
	slices.Sort(keys)
	attrs := make([]slog.Attr, 0, len(keys)+1)
	for _, key := range keys {
		a := slog.Any(key, entry.Data[key])
		switch key {
		case slog.TimeKey, slog.LevelKey, slog.MessageKey, slog.SourceKey, "logger":
			a.Key = "fields." + key
		}
		attrs = append(attrs, a)
	}
	return attrs
}

// AtLevel returns the level at which entries of a level of logrus are logged.
func AtLevel(l logrus.Level) slog.Level {
	if l <= logrus.FatalLevel {
		return slog.LevelError + 4 + slog.Level(logrus.FatalLevel-l)
	}
	return 4 * (slog.Level(logrus.InfoLevel) - slog.Level(l))
}
