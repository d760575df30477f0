package logconfig

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// startWatch looks after the file, as the options want it.
func (c *Config) startWatch(seen fs.FileInfo) {
	if c.opts.Watch <= 0 && !c.opts.ReloadOnHangup {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.stop = cancel
	hangup := make(chan os.Signal, 1)
	if c.opts.ReloadOnHangup {
		signal.Notify(hangup, syscall.SIGHUP)
	}
	c.watch.Go(func() {
		defer signal.Stop(hangup)
		c.lookAfter(ctx, hangup, seen)
	})
}

// lookAfter reloads the file when it has changed, and at a signal. A file is
// looked at again before it is read, so that one that is being written is not
// read half.
func (c *Config) lookAfter(ctx context.Context, hangup <-chan os.Signal, loaded fs.FileInfo) {
	var tick <-chan time.Time
	if c.opts.Watch > 0 {
		ticker := time.NewTicker(c.opts.Watch)
		defer ticker.Stop()
		tick = ticker.C
	}
	last := loaded
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangup:
			loaded = c.state()
			c.reloadAndTell()
		case <-tick:
			now := c.state()
			if now != nil && unchanged(now, last) && !unchanged(now, loaded) {
				loaded = now
				c.reloadAndTell()
			}
			last = now
		}
	}
}

func (c *Config) reloadAndTell() {
	if err := c.Reload(); err != nil {
		c.tell(fmt.Errorf("the configuration stays as it was: %w", err))
	}
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
