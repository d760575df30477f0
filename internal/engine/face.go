package engine

import (
	"github.com/watchtower-go/watchtower/internal/batch"
	"github.com/watchtower-go/watchtower/internal/deliver"
	"github.com/watchtower-go/watchtower/internal/ledger"
	"github.com/watchtower-go/watchtower/internal/queue"
	"github.com/watchtower-go/watchtower/internal/spool"
)

// The rooms behind the engine have no other door: what the public package
// needs of them passes through here.

// Counts is the ledger at one moment.
type Counts = ledger.Counts

// Outcome is what became of a record for good.
type Outcome = ledger.Outcome

// Outcomes of PutSync.
const (
	Delivered = ledger.Delivered
	Spooled   = ledger.Spooled
	Rejected  = ledger.Rejected
	Dropped   = ledger.Dropped
)

// Reasons for a loss.
const (
	QueueFull = ledger.QueueFull
	Closed    = ledger.Closed
	Empty     = ledger.Empty
	Oversize  = ledger.Oversize
	Format    = ledger.Format
	TooOld    = ledger.TooOld
	TooNew    = ledger.TooNew
	Expired   = ledger.Expired
	Invalid   = ledger.Invalid
	SpoolFull = ledger.SpoolFull
	Damaged   = ledger.Damaged
)

// Limits bound a batch.
type Limits = batch.Limits

// Queue says how much is held, and what happens beyond.
type Queue = queue.Config

// Policy is what happens to an event that finds the queue full.
type Policy = queue.Policy

// The policies.
const (
	DropNewest      = queue.DropNewest
	Block           = queue.Block
	DropOldest      = queue.DropOldest
	DropLowestLevel = queue.DropLowestLevel
)

// Failures of requests that have fields of their own.
type (
	MissingError   = deliver.MissingError
	RetentionError = deliver.RetentionError
	GzipError      = deliver.GzipError
)

// Errors of Put.
var (
	ErrFull      = queue.ErrFull
	ErrSpoolFull = spool.ErrFull // with SpoolAlways
	ErrClosed    = queue.ErrClosed
)

// Spool tells where and how events are kept on disk.
type Spool = spool.Options

// SyncPolicy is when events on disk are made to survive the end of the machine.
type SyncPolicy = spool.SyncPolicy

// The policies.
const (
	SyncNever    = spool.SyncNever
	SyncInterval = spool.SyncInterval
	SyncAlways   = spool.SyncAlways
)

// Settings tell what a missing log group is created with.
type Settings = deliver.Settings

// Connection tells how to reach the service.
type Connection = deliver.ClientOptions

// NewClient returns a client made from the SDK's configuration; it does not
// touch the network.
var NewClient = deliver.NewClient

// FromSend reports whether a context is that of a send of ours: what is logged
// with it comes from below and must not go round again.
var FromSend = deliver.FromSend
