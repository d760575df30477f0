package engine

import (
	"errors"
	"time"

	"github.com/watchtower-go/watchtower/internal/ledger"
	"github.com/watchtower-go/watchtower/internal/spool"
)

// A DiskError tells that something is wrong with the spool. Unless a Loss says
// otherwise nothing is lost by it.
type DiskError struct {
	Kind string // what is wrong, by name
	Path string // the file, where one is known
	Err  error
	Repeats
}

func (e *DiskError) Error() string { return e.Err.Error() }

// Unwrap returns the error of the spool.
func (e *DiskError) Unwrap() error { return e.Err }

// Kinds of a DiskError.
const (
	DiskDamaged = "damaged"
	DiskNewer   = "newer version"
	DiskLocked  = "locked"
	DiskNoLocks = "no file locks"
	DiskFull    = "full"
	DiskOther   = "other"
)

// NewDiskError names an error of the spool.
func NewDiskError(err error) *DiskError {
	e := &DiskError{Kind: DiskOther, Err: err}
	if damage, ok := errors.AsType[*spool.DamageError](err); ok {
		e.Kind, e.Path = DiskDamaged, damage.Path
		return e
	}
	if later, ok := errors.AsType[*spool.VersionError](err); ok {
		e.Kind, e.Path = DiskNewer, later.Path
		return e
	}
	switch {
	case errors.Is(err, spool.ErrLocked):
		e.Kind = DiskLocked
	case errors.Is(err, spool.ErrFakeLock):
		e.Kind = DiskNoLocks
	case errors.Is(err, spool.ErrFull):
		e.Kind = DiskFull
	}
	return e
}

// damaged counts records that were lost on the disk.
func (e *Engine) damaged(err error) {
	if d, ok := errors.AsType[*spool.DamageError](err); ok && d.Records > 0 {
		e.ledger.Damage(d.Records)
		if e.cfg.Home != nil { // what cannot be read does not say of which stream it is
			now := time.Now().UnixMilli()
			e.gaps.addUnread(e.cfg.Home(now), ledger.Damaged, now, d.Records)
			e.queue.Nudge()
		}
		e.report.loss(Loss{Reason: ledger.Damaged, Records: d.Records, Err: err})
		return
	}
	e.report.disk(err)
}
