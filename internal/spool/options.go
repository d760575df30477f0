package spool

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// SyncPolicy is when written events are made to survive the end of the
// machine. The end of the process they survive in any case.
type SyncPolicy int

const (
	// SyncNever leaves it to the operating system.
	SyncNever SyncPolicy = iota
	// SyncInterval syncs at most SyncEvery after an append.
	SyncInterval
	// SyncAlways syncs before Append returns, once for all who wait.
	SyncAlways
)

// Options tell where and how events are kept.
type Options struct {
	// Dir is the folder of all spools; it is made if need be. Required.
	Dir string
	// Owner says for whom the events are, in one line. Adopt takes what was left
	// for the same owner, or without one. If empty, it takes everything.
	Owner string
	// MaxBytes is the most that the segments of this spool take on disk,
	// adopted ones included; a thousandth, at most 64 KiB, is for AppendOwn
	// alone. If zero, 1 GiB.
	MaxBytes int64
	// MaxAge is the age beyond which Read marks an event as TooOld. If zero,
	// 14 days, which is the service's limit.
	MaxAge time.Duration
	// SegmentBytes is the size at which a new segment is begun at the latest;
	// while the spool holds little they are smaller. If zero, 8 MiB, or an
	// eighth of MaxBytes if that is less.
	SegmentBytes int
	// Sync is when events are synced. If zero, SyncNever.
	Sync SyncPolicy
	// SyncEvery is the interval of SyncInterval. If zero, a second.
	SyncEvery time.Duration
	// Recent is how many bytes of what was written last are kept in memory, to be
	// read from there. Less than 64 KiB are none.
	Recent int
	// FS is the file system. If nil, the real one.
	FS FS
	// Report hears of damage and of what could not be cleaned up. It is called
	// under no lock, by whoever found it, and must not call the spool. If nil,
	// nobody hears of it.
	Report func(error)

	eager bool // makes a reserve after each write, and keeps it; for tests
}

func (o Options) withDefaults() Options {
	o.MaxBytes = cmp.Or(o.MaxBytes, 1<<30)
	o.MaxAge = cmp.Or(o.MaxAge, cwl.MaxAge)
	o.SegmentBytes = cmp.Or(o.SegmentBytes, int(min(8<<20, o.MaxBytes/8)))
	o.SyncEvery = cmp.Or(o.SyncEvery, time.Second)
	if o.FS == nil {
		o.FS = disk{}
	}
	if o.Report == nil {
		o.Report = func(error) {}
	}
	return o
}

func (o Options) validate() error {
	if o.Dir == "" {
		return errors.New("spool: Dir is empty: name a folder")
	}
	if strings.ContainsRune(o.Owner, '\n') || len(o.Owner) >= maxOwner {
		return fmt.Errorf("spool: Owner is %q: give a short line", o.Owner)
	}
	if o.MaxBytes < 0 {
		return fmt.Errorf("spool: MaxBytes is %d: give a positive number of bytes", o.MaxBytes)
	}
	if o.MaxAge < 0 {
		return fmt.Errorf("spool: MaxAge is %s: give a positive duration", o.MaxAge)
	}
	if o.SegmentBytes < 0 {
		return fmt.Errorf("spool: SegmentBytes is %d: give a positive number of bytes", o.SegmentBytes)
	}
	if o.Sync < SyncNever || o.Sync > SyncAlways {
		return fmt.Errorf("spool: Sync is %d: use SyncNever, SyncInterval or SyncAlways", o.Sync)
	}
	if o.Recent < 0 {
		return fmt.Errorf("spool: Recent is %d: give a positive number of bytes", o.Recent)
	}
	if o.SyncEvery < 0 {
		return fmt.Errorf("spool: SyncEvery is %s: give a positive duration", o.SyncEvery)
	}
	return nil
}
