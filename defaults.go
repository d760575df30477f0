package watchtower

import (
	"cmp"
	"errors"
	"log/slog"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/encode"
	"github.com/watchtower-go/watchtower/internal/engine"
)

const (
	defaultFlushInterval = 5 * time.Second
	defaultQueueBytes    = 16 << 20
	defaultMaxStreams    = 1000
	defaultMaxInFlight   = 4

	// loggerKey is the field of a logger's name.
	loggerKey = "logger"

	// minQueueBytes holds at least one chunk of small events.
	minQueueBytes = 64 << 10
	// minEventBytes leaves room for what Shrink and Split say about the rest.
	minEventBytes = 1 << 10
	// minSpoolBytes holds the largest record beside the heads of segments.
	minSpoolBytes = 16 << 20
)

// withDefaults returns a copy in which zero fields have their defaults.
func (o Options) withDefaults() Options {
	if o.Level == nil {
		o.Level = slog.LevelInfo
	}
	o.LogStreamName = cmp.Or(o.LogStreamName, DefaultLogStreamName)
	o.MaxStreams = cmp.Or(o.MaxStreams, defaultMaxStreams)
	o.FlushInterval = cmp.Or(o.FlushInterval, defaultFlushInterval)
	o.MaxBatchBytes = min(cmp.Or(o.MaxBatchBytes, cwl.MaxBatchBytes), cwl.MaxBatchBytes)
	o.MaxBatchEvents = min(cmp.Or(o.MaxBatchEvents, cwl.MaxBatchEvents), cwl.MaxBatchEvents)
	o.MaxInFlight = cmp.Or(o.MaxInFlight, defaultMaxInFlight)
	o.MaxEventBytes = min(cmp.Or(o.MaxEventBytes, cwl.MaxEventBytes), cwl.MaxEventBytes, o.MaxBatchBytes-cwl.EventOverhead)
	o.QueueBytes = cmp.Or(o.QueueBytes, defaultQueueBytes)
	switch {
	case o.ErrorReserve == 0:
		o.ErrorReserve = o.QueueBytes / 16
	case o.ErrorReserve < 0:
		o.ErrorReserve = 0
	}
	o.Sampling = o.Sampling.withDefaults()
	o.Tags = maps.Clone(o.Tags) // read when a group is created, at any time
	return o
}

// validate reports everything that is wrong with options that have their
// defaults. A template and a region are checked where they are used.
func (o Options) validate() error {
	var errs []error
	wrong := func(field, format string, args ...any) {
		errs = append(errs, wrongOption(field, format, args...))
	}
	check := func(field string, err error) {
		if err != nil {
			wrong(field, "%w", err)
		}
	}
	if o.Format < FormatJSON || o.Format > FormatText {
		wrong("Format", "%d is not a format: use FormatJSON or FormatText", o.Format)
	}
	if o.Oversize < Shrink || o.Oversize > Drop {
		wrong("Oversize", "%d is not known: use Shrink, Split or Drop", o.Oversize)
	}
	if o.WhenFull < DropNewest || o.WhenFull > DropLowestLevel {
		wrong("WhenFull", "%d is not a policy: use DropNewest, DropOldest, DropLowestLevel or Block", o.WhenFull)
	}
	errs = append(errs, o.validateRecordAttrs(), o.validateSpool(), o.Sampling.validate(), o.validateMetrics())
	if o.RetentionDays != 0 {
		check("RetentionDays", cwl.ValidateRetention(o.RetentionDays))
	}
	check("Tags", cwl.ValidateTags(o.Tags))
	if o.KMSKeyID != "" {
		check("KMSKeyID", cwl.ValidateKMSKeyID(o.KMSKeyID))
	}
	if o.LogGroupClass != "" {
		check("LogGroupClass", cwl.ValidateLogGroupClass(o.LogGroupClass))
	}
	if o.EnforceRetention && o.RetentionDays == 0 {
		wrong("EnforceRetention", "needs RetentionDays")
	}
	errs = append(errs, o.validateEntity(), o.validateNumbers())
	return errors.Join(errs...)
}

// validateSpool checks what concerns the disk.
func (o Options) validateSpool() error {
	var errs []error
	if o.Spool < SpoolOnFailure || o.Spool > SpoolAlways {
		errs = append(errs, wrongOption("Spool", "%d is not known: use SpoolOnFailure or SpoolAlways", o.Spool))
	}
	if o.SpoolSync < SyncNever || o.SpoolSync > SyncAlways {
		errs = append(errs, wrongOption("SpoolSync", "%d is not known: use SyncNever, SyncInterval or SyncAlways", o.SpoolSync))
	}
	if o.SpoolDir == "" && (o.Spool != 0 || o.SpoolBytes != 0 || o.SpoolSync != 0 || o.SpoolSyncInterval != 0) {
		errs = append(errs, wrongOption("SpoolDir", "is empty: name a folder, or leave the other Spool options alone"))
	}
	if o.SpoolDir != "" && o.Sync {
		errs = append(errs, wrongOption("Sync", "a record is either stored when Handle returns or kept on disk: choose Sync or SpoolDir"))
	}
	if o.SpoolBytes < 0 || o.SpoolBytes > 0 && o.SpoolBytes < minSpoolBytes {
		errs = append(errs, wrongOption("SpoolBytes", "%d is too small: at least %d", o.SpoolBytes, minSpoolBytes))
	}
	if o.SpoolSyncInterval < 0 {
		errs = append(errs, wrongOption("SpoolSyncInterval", "%v is negative", o.SpoolSyncInterval))
	}
	return errors.Join(errs...)
}

// validateNumbers checks what must not be too small.
func (o Options) validateNumbers() error {
	var errs []error
	for _, n := range []struct {
		field      string
		have, want int
	}{
		{"MaxStreams", o.MaxStreams, 1},
		{"MaxBatchBytes", o.MaxBatchBytes, minEventBytes + cwl.EventOverhead},
		{"MaxBatchEvents", o.MaxBatchEvents, 1},
		{"MaxInFlight", o.MaxInFlight, 1},
		{"MaxEventBytes", o.MaxEventBytes, minEventBytes},
		{"QueueBytes", o.QueueBytes, minQueueBytes},
	} {
		if n.have < n.want {
			errs = append(errs, wrongOption(n.field, "%d is too small: at least %d", n.have, n.want))
		}
	}
	if o.QueueBytes >= minQueueBytes && o.ErrorReserve > o.QueueBytes/2 {
		errs = append(errs, wrongOption("ErrorReserve", "%d is more than half of QueueBytes, %d: give less, or -1 for none", o.ErrorReserve, o.QueueBytes))
	}
	if o.FlushInterval < time.Millisecond {
		errs = append(errs, wrongOption("FlushInterval", "%v is too short: at least 1ms", o.FlushInterval))
	}
	if o.BlockTimeout < 0 {
		errs = append(errs, wrongOption("BlockTimeout", "%v is negative", o.BlockTimeout))
	}
	return errors.Join(errs...)
}

// encoding is what the encoder has to know. Attributes with one of the keys
// in capture are needed for the log stream's name.
func (o Options) encoding(capture []string) encode.Options {
	return encode.Options{
		Format:       encode.Format(o.Format),
		AddSource:    o.AddSource,
		RecordAttrs:  o.recordAttrs(),
		ReplaceAttr:  o.ReplaceAttr,
		EncodeAny:    o.EncodeAny,
		Redact:       o.Redact,
		NewFormatter: o.NewFormatter,
		Namespace:    o.MetricNamespace,
		LoggerKey:    loggerKey,
		MaxSize:      o.MaxEventBytes,
		Oversize:     encode.Oversize(o.Oversize),
		Capture:      capture,
	}
}

// engineConfig is what the engine has to know.
func (o Options) engineConfig(group string, client *cloudwatchlogs.Client) engine.Config {
	settings := engine.Settings{
		Group:              group,
		NoCreateLogGroup:   o.NoCreateLogGroup,
		NoCreateLogStream:  o.NoCreateLogStream,
		RetentionDays:      o.RetentionDays,
		EnforceRetention:   o.EnforceRetention,
		Tags:               o.Tags,
		KMSKeyID:           o.KMSKeyID,
		LogGroupClass:      o.LogGroupClass,
		DeletionProtection: o.DeletionProtection,
	}
	c := engine.Config{
		Client:        client,
		Settings:      settings,
		Limits:        engine.Limits{Bytes: o.MaxBatchBytes, Events: o.MaxBatchEvents},
		FlushInterval: o.FlushInterval,
		Window:        o.MaxInFlight,
		MaxStreams:    o.MaxStreams,
		Compress:      !o.NoCompression,
		Queue: engine.Queue{
			Bytes:        o.QueueBytes,
			Reserve:      o.ErrorReserve,
			Policy:       policies[o.WhenFull],
			BlockTimeout: o.BlockTimeout,
		},
		Rewrite:      engine.Rewrite{Compose: encode.Compose, Restamp: encode.Restamp, Shorten: encode.Shorten},
		Restamp:      o.Restamp,
		NoGapRecords: o.NoGapRecords,
		SpoolAlways:  o.Spool == SpoolAlways,
		OnError:      func(err error) { o.OnError(public(err)) },
		OnLoss:       func(l engine.Loss) { o.OnError(dropError(l)) },
	}
	if o.Fallback != nil {
		c.Fallback = func(e *cwl.Event, reason string) { fallBack(o.Fallback, e, reason) }
	}
	if o.SpoolDir != "" {
		owner := client.Options().Region + " " + group // cmd/watchtower's spool verbs take it apart
		c.Spool = &engine.Spool{Dir: o.SpoolDir, Owner: owner, MaxBytes: o.SpoolBytes, Sync: syncs[o.SpoolSync], SyncEvery: o.SpoolSyncInterval}
	}
	return c
}

// The engine's names for what Options say.
var (
	policies = map[WhenFull]engine.Policy{
		DropNewest: engine.DropNewest, Block: engine.Block,
		DropOldest: engine.DropOldest, DropLowestLevel: engine.DropLowestLevel,
	}
	syncs = map[SpoolSync]engine.SyncPolicy{
		SyncNever: engine.SyncNever, SyncInterval: engine.SyncInterval, SyncAlways: engine.SyncAlways,
	}
)
