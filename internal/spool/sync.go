package spool

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// A syncer syncs files in the background for SyncInterval: a timer runs while
// something is not synced. Its fields are guarded by the lock of the spool,
// except for busy.
type syncer struct {
	timer *time.Timer // nil while nothing is due
	old   []File      // sealed, not synced, not closed
	busy  sync.Mutex  // held while syncing
}

// dirty notes that the active file has something new.
func (y *syncer) dirty(s *Spool) {
	if s.opts.Sync == SyncInterval && y.timer == nil {
		y.timer = time.AfterFunc(s.opts.SyncEvery, func() { y.tick(s) })
	}
}

// retire takes over a file that nothing more is written to.
func (y *syncer) retire(s *Spool, f File) {
	if s.opts.Sync == SyncInterval {
		y.old = append(y.old, f)
		y.dirty(s)
	} else if err := f.Close(); err != nil {
		s.untold = append(s.untold, err)
	}
}

// tick is what the timer calls.
func (y *syncer) tick(s *Spool) {
	y.busy.Lock()
	defer y.busy.Unlock()
	s.mu.Lock()
	closed := s.closed
	s.mu.Unlock()
	if closed {
		return // Close does it
	}
	if err := y.run(s); err != nil {
		s.opts.Report(err)
	}
}

// close stops the timer and syncs what is left.
func (y *syncer) close(s *Spool) error {
	y.busy.Lock() // wait for one that is under way
	defer y.busy.Unlock()
	if s.opts.Sync == SyncNever {
		return nil
	}
	return y.run(s)
}

// run syncs; the caller holds busy.
func (y *syncer) run(s *Spool) error {
	s.mu.Lock()
	if y.timer != nil {
		y.timer.Stop()
		y.timer = nil
	}
	old, current, folder := y.old, s.file, s.folder.path
	y.old = nil
	s.mu.Unlock()
	var errs []error
	for _, f := range old {
		errs = append(errs, f.Sync(), f.Close())
	}
	if current != nil {
		errs = append(errs, current.Sync())
	}
	if err := errors.Join(append(errs, gone(s.fs.SyncDir(folder)))...); err != nil {
		return fmt.Errorf("sync spool %s: %w", folder, err)
	}
	return nil
}
