package watchtower

// Format is the form of a message.
type Format int

const (
	// FormatJSON is one JSON object per record, as slog.JSONHandler writes it.
	FormatJSON Format = iota
	// FormatText is key=value pairs, as slog.TextHandler writes them.
	FormatText
)

// Oversize is what becomes of a message that is too long for one event.
type Oversize int

const (
	// Shrink shortens the longest strings. JSON stays valid; the field
	// _truncated says what was cut and how long it was.
	Shrink Oversize = iota
	// Split makes several events of the message, numbered and with an id in
	// common; metrics are in one more, with that id and no number.
	Split
	// Drop drops the record and counts it.
	Drop
)

// WhenFull is what happens to an event that finds the queue full.
type WhenFull int

const (
	// DropNewest drops the event that finds the queue full.
	DropNewest WhenFull = iota
	// Block makes the caller wait for room; see Options.BlockTimeout.
	Block
	// DropOldest makes room by dropping the oldest events that are still in
	// the queue, not in a batch. It drops them in runs of some kilobytes.
	DropOldest
	// DropLowestLevel makes room by dropping events below the level of the
	// new one, the lowest first: those below Info, Info, then Warn. When there
	// are none, it drops the new one.
	DropLowestLevel
)

// Spool is which records are kept on disk.
type Spool int

const (
	// SpoolOnFailure takes records that memory has no room for, as in an
	// outage, and those that are left when Close runs out of time. A call that
	// finds the queue full waits until its record is written, which takes as
	// long as the disk does; none is dropped, whatever WhenFull says, before
	// the disk has refused it: because SpoolBytes is used up, or the disk is
	// full or broken. It is asked again after a second.
	SpoolOnFailure Spool = iota
	// SpoolAlways takes every record before Handle returns, so that none is
	// lost when the process is killed. When the disk is full, WhenFull
	// decides between Block and dropping the new record.
	SpoolAlways
)

// SpoolSync is when records on disk are synced.
type SpoolSync int

const (
	// SyncNever leaves it to the operating system.
	SyncNever SpoolSync = iota
	// SyncInterval syncs at most SpoolSyncInterval after a record was written.
	SyncInterval
	// SyncAlways syncs before Handle returns, once for all who wait.
	SyncAlways
)
