package logconfig

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// hangups is where SIGHUP arrives, if the options want it.
func (c *Config) hangups() chan os.Signal {
	hangup := make(chan os.Signal, 1)
	if c.opts.ReloadOnHangup {
		signal.Notify(hangup, syscall.SIGHUP)
	}
	return hangup
}

// startWatch looks after the file, as the options want it.
func (c *Config) startWatch(seen fs.FileInfo, hangup chan os.Signal) {
	if c.opts.Watch <= 0 && !c.opts.ReloadOnHangup {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.stop = cancel
	c.watch.Go(func() {
		defer signal.Stop(hangup)
		c.lookAfter(ctx, hangup, seen)
	})
}

// lookAfter reloads the file when it has changed, and at a signal.
func (c *Config) lookAfter(ctx context.Context, hangup <-chan os.Signal, loaded fs.FileInfo) {
	var tick <-chan time.Time
	if c.opts.Watch > 0 {
		ticker := time.NewTicker(c.opts.Watch)
		defer ticker.Stop()
		tick = ticker.C
	}
	w := &watch{c: c, loaded: loaded, last: loaded}
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangup:
			w.told = ""
			w.reload(c.state())
		case <-tick:
			w.look()
		}
	}
}

// A watch is what is known of the file that is looked after.
type watch struct {
	c      *Config
	loaded fs.FileInfo // what was read; nil if it could not be
	last   fs.FileInfo // what was there at the last look; nil if nothing was
	told   string      // why it cannot be read; said once
}

// look reloads a file that has changed. It is looked at again before it is read,
// so that one that is being written is not read half, nor one missed that is not
// there for a moment because it is replaced.
func (w *watch) look() {
	now, err := os.Stat(w.c.path)
	switch {
	case err != nil && w.last == nil:
		w.unread(err)
	case err != nil:
		now = nil
	case unchanged(now, w.last) && unchanged(now, w.loaded):
		w.told = ""
	case unchanged(now, w.last):
		w.reload(now)
	}
	w.last = now
}

// reload reloads the file. One that cannot be read is tried again at the next
// look; one that is wrong, when it has changed.
func (w *watch) reload(now fs.FileInfo) {
	err := w.c.Reload()
	if _, wrong := errors.AsType[*Error](err); err == nil || wrong {
		w.loaded, w.told = now, ""
		if wrong {
			w.stays(err)
		}
		return
	}
	if errors.Is(err, ErrClosed) {
		return
	}
	w.loaded = nil
	w.unread(err)
}

// unread tells that the file cannot be read, once.
func (w *watch) unread(err error) {
	reason := err.Error()
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		reason = p.Err.Error() // whatever was tried
	}
	if w.told != reason {
		w.told = reason
		w.stays(err)
	}
}

// stays tells why a configuration could not be reloaded.
func (w *watch) stays(err error) {
	w.c.telling.Store(true)
	defer w.c.telling.Store(false)
	w.c.tell(fmt.Errorf("the configuration stays as it was: %w", err))
}

// state is what tells versions of the file apart; nil while there is none.
func (c *Config) state() fs.FileInfo {
	info, err := os.Stat(c.path)
	if err != nil {
		return nil
	}
	return info
}

func unchanged(a, b fs.FileInfo) bool {
	return a != nil && b != nil && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size() && os.SameFile(a, b)
}
