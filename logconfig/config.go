package logconfig

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/watchtower-go/watchtower"
)

// Options are what a document cannot say. A nil *Options and every zero field
// mean the default.
type Options struct {
	// Watchtower has the last word on each CloudWatch handler, by its name in
	// the document: it can set Client, EndpointURL, ReplaceAttr, Fallback and
	// everything else. Level, ContextAttrs, Redact and, where the handler has a format of
	// Python, NewFormatter are set already. A function or client that it gives has no part
	// in the decision whether a reload keeps the handler.
	Watchtower func(name string, o *watchtower.Options)
	// ContextAttrs returns attributes for a record from the context that it is
	// logged with, such as the ids of a trace (bridge/watchotel has one), for all
	// handlers, as watchtower.Options.ContextAttrs does for one of CloudWatch. It is
	// called on the goroutine that logs, once for each handler, under no lock.
	ContextAttrs func(context.Context) []slog.Attr
	// Redact, if set, returns what is logged in place of a text, for all handlers, as
	// watchtower.Options.Redact does for one of CloudWatch: it gets the message with the key
	// "msg", and each attribute that is a text or a number with its key, before a format
	// of Python puts them together. Of maps and structs it gets what is within, by its keys, and the
	// whole; those that it changes are written as JSON. A CloudWatch handler with a format
	// of Python then asks it about the line as a whole, with the key "".
	// [watchtower.RedactSecrets] is one. It is called on the goroutine that logs, once for each
	// handler, under no lock; a panic in it becomes text, without the value.
	Redact func(key, value string) string
	// OnError hears of failures and losses: the errors of CloudWatch handlers
	// (see watchtower.Options.OnError) after their name, [*WriteError] of other
	// handlers, and what is wrong with a file that cannot be reloaded. Calls may come
	// from several goroutines. If nil, CloudWatch handlers tell by themselves, all
	// else is written to standard error.
	OnError func(error)
	// Watch makes Load look after the file, and reload it when it has changed
	// and then stayed the same for this long, such as a second. One that is gone, or
	// cannot be read, is told to OnError once, and read when it can be. If zero,
	// it is not watched.
	Watch time.Duration
	// ReloadOnHangup makes Load reload the file at SIGHUP.
	ReloadOnHangup bool
	// Stdout and Stderr are what ext://sys.stdout and ext://sys.stderr mean. If
	// nil, os.Stdout and os.Stderr. Each handler writes a line in one call of
	// Write; several handlers call at the same time.
	Stdout, Stderr io.Writer
}

// A Config is a configuration that runs. Its methods are safe for concurrent
// use.
type Config struct {
	name string // of the file, as it was given
	path string // from the root on: a program may change its folder
	opts Options
	tree atomic.Pointer[tree]

	// loading is held by one reload, or by Close, at a time.
	loading sync.Mutex
	closed  bool
	retired retired
	stop    context.CancelFunc // ends the watch
	watch   sync.WaitGroup
	telling atomic.Bool // the watch is calling OnError

	mu    sync.Mutex
	inUse map[string]struct{} // names of loggers that were given out
}

// Load starts the configuration in a file: YAML or JSON, whatever its name. The
// error is an [*Error] with everything that is wrong with it, and nothing is
// running then. Close the Config before the program ends, or what is queued is
// lost.
func Load(path string, opts *Options) (*Config, error) {
	if path == "" {
		return nil, errors.New("logconfig: the path of the configuration is empty")
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("logconfig: %w", err)
	}
	c := newConfig(opts)
	c.name, c.path = path, whole
	seen, hangup := c.state(), c.hangups() // before it is read: a change in between is seen as one
	if err := c.Reload(); err != nil {
		signal.Stop(hangup)
		return nil, err
	}
	c.startWatch(seen, hangup)
	return c, nil
}

// Read starts the configuration that r has, as [Load] does; nothing is watched.
func Read(r io.Reader, opts *Options) (*Config, error) {
	data, err := readAll(r)
	if err != nil {
		return nil, err
	}
	c := newConfig(opts)
	if err := c.apply("configuration", data); err != nil {
		return nil, err
	}
	return c, nil
}

// readAll reads a document, and not more than one can have.
func readAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("logconfig: read the configuration: %w", err)
	}
	return data, nil
}

func newConfig(opts *Options) *Config {
	c := &Config{inUse: map[string]struct{}{}, stop: func() {}}
	if opts != nil {
		c.opts = *opts
	}
	c.retired.ctx, c.retired.giveUp = context.WithCancel(context.Background())
	return c
}

// tell hands an error to OnError.
func (c *Config) tell(err error) {
	if c.opts.OnError != nil {
		c.opts.OnError(err)
		return
	}
	fmt.Fprintf(os.Stderr, "logconfig: %v\n", err)
}

// Logger returns the logger of a name, such as "app.db"; "" and "root" are the
// root logger. It follows the configuration through reloads.
func (c *Config) Logger(name string) *slog.Logger { return slog.New(c.Handler(name)) }

// Handler returns the handler of [Config.Logger].
func (c *Config) Handler(name string) slog.Handler {
	name = canonical(name)
	c.mu.Lock()
	c.inUse[name] = struct{}{}
	c.mu.Unlock()
	return &loggerHandler{c: c, name: name}
}

// SetDefault makes the root logger the default of log/slog and, through it, of
// log. A format shows where log.Print was called only if log.SetFlags(log.Lshortfile)
// came before.
func (c *Config) SetDefault() { slog.SetDefault(c.Logger("")) }

// CloudWatch returns the CloudWatch handler of that name in the document, for what
// wants one: [watchtower.Exit], a bridge. It is nil if the document has none. It has neither
// the level nor the filters of the document, whose loggers have them, and a reload that changes
// the handler closes the one that was given out: ask again after it.
// [watchtower.FlushOnSignal] and others that keep it are for a document that is not reloaded;
// [Config.Flush] always speaks for those that run.
func (c *Config) CloudWatch(name string) *watchtower.Handler {
	if o := c.tree.Load().outputs[name]; o != nil {
		return o.cloud
	}
	return nil
}

// Stats returns the ledgers of the CloudWatch handlers by their names. A handler
// that a reload has replaced is no longer among them.
func (c *Config) Stats() map[string]watchtower.Stats {
	stats := map[string]watchtower.Stats{}
	for name, o := range c.tree.Load().outputs {
		if o.cloud != nil {
			stats[name] = o.cloud.Stats()
		}
	}
	return stats
}

// Flush flushes all CloudWatch handlers, at the same time, those included that a
// reload has replaced and that have not delivered everything yet. Other
// handlers write each line at once.
func (c *Config) Flush(ctx context.Context) error {
	return c.each(ctx, (*watchtower.Handler).Flush, c.retired.flush)
}

// Close ends the watch, flushes and closes all handlers, and waits no longer for
// what they are at than shortly after the end of ctx. The errors tell what was not
// delivered: a [*watchtower.CloseError] for each handler concerned. A second
// Close does nothing.
func (c *Config) Close(ctx context.Context) error {
	c.stop()
	if !c.telling.Load() { // or OnError, which may be what closes, would wait for itself
		c.watch.Wait()
	}
	c.loading.Lock()
	defer c.loading.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	err := c.each(ctx, (*watchtower.Handler).Close, c.retired.end)
	return errors.Join(err, c.tree.Load().closeSinks(ctx))
}

// closeSinks closes the handlers that are not CloudWatch's, at the same time: each may
// be stuck.
func (t *tree) closeSinks(ctx context.Context) error {
	names := sortedKeys(t.outputs)
	errs := make([]error, len(names))
	var all sync.WaitGroup
	for i, name := range names {
		all.Go(func() { errs[i] = named(name, t.outputs[name].closeWithin(ctx)) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// each calls f for all CloudWatch handlers and old for those that were replaced,
// at the same time.
func (c *Config) each(ctx context.Context, f func(*watchtower.Handler, context.Context) error, old func(context.Context) error) error {
	t := c.tree.Load()
	names := sortedKeys(t.outputs)
	errs := make([]error, len(names)+1)
	var all sync.WaitGroup
	all.Go(func() { errs[len(names)] = old(ctx) })
	for i, name := range names {
		if o := t.outputs[name]; o.cloud != nil {
			all.Go(func() { errs[i] = named(name, f(o.cloud, ctx)) })
		}
	}
	all.Wait()
	return errors.Join(errs...)
}

// named says which handler an error is of.
func named(handler string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("handler %q: %w", handler, err)
}
