package logconfig

import (
	"cmp"
	"slices"
	"time"

	"github.com/watchtower-go/watchtower"
)

const (
	cloudWatchClass = "watchtower.CloudWatchLogHandler"

	// defaultGroup is Python's default name of the log group.
	defaultGroup = "watchtower"
	// pythonInterval is Python's send_interval.
	pythonInterval = 60 * time.Second
	// pythonOverhead is what Python's max_message_size counts for each event
	// beside its message, in bytes.
	pythonOverhead = 26
	// syncTimeout is how long a call waits at most with use_queues: false, where
	// block_timeout says nothing: in Python a call ends after a few attempts, whatever the
	// outage.
	syncTimeout = 30 * time.Second
)

// A cloudWatch is what a CloudWatch handler is made with.
type cloudWatch struct {
	group string
	opts  watchtower.Options
}

// cloudWatchKeys are the keys of a CloudWatch handler: those of Python's
// watchtower, by their new and old names, and every field of watchtower.Options
// in snake_case. A key of each is enough; what both can say has one entry.
var cloudWatchKeys = slices.Concat(pythonKeys, optionKeys, goKeys)

// pythonKeys are those that Python's handler has and Options have not.
var pythonKeys = []key{
	{
		name: "log_group_name", also: []string{"log_group"}, want: wantText, doc: "The log group. If missing, watchtower.",
		set: func(c *cloudWatch, v any) { c.group = v.(string) },
	},
	{
		name: "use_queues", want: wantBool, doc: "false makes each call wait until its record is stored, as sync: true does, for block_timeout at most: if missing, 30s.",
		set: func(c *cloudWatch, v any) { c.opts.Sync = !v.(bool) },
	},
	{
		name: "max_message_size", want: wantSize, least: 1024 + pythonOverhead, doc: "The longest message in bytes, with the 26 that the service adds; see max_event_bytes.",
		set: func(c *cloudWatch, v any) { c.opts.MaxEventBytes = v.(int) - pythonOverhead },
	},
	{
		name: "create_log_group", want: wantBool, doc: "Make a missing log group. If missing, true.",
		set: func(c *cloudWatch, v any) { c.opts.NoCreateLogGroup = !v.(bool) },
	},
	{
		name: "create_log_stream", want: wantBool, doc: "Make missing log streams. If missing, true.",
		set: func(c *cloudWatch, v any) { c.opts.NoCreateLogStream = !v.(bool) },
	},
	{
		name: "log_group_retention_days", want: wantNumber, doc: "The retention of the log group, which is set on one that exists too.",
		set: func(c *cloudWatch, v any) { c.opts.RetentionDays, c.opts.EnforceRetention = v.(int), v.(int) != 0 },
	},
	{
		name: "boto3_client", also: []string{"boto3_session"}, want: wantText,
		refuse: "a client cannot be named here: use region_name, boto3_profile_name and endpoint_url, or set Options.Watchtower in the program",
	},
	{
		name: "json_serialize_default", want: wantText,
		refuse: "a function cannot be named here: values are written as log/slog does; set EncodeAny by Options.Watchtower in the program",
	},
}

// optionKeys are the fields of watchtower.Options, in their order. What is a
// function, a client or a handler is set by Options.Watchtower in the program;
// level, formatter and filters are keys of all handlers.
var optionKeys = []key{
	{name: "add_source", want: wantBool, doc: "Add the file, line and function of the call, with json or text.", set: func(c *cloudWatch, v any) { c.opts.AddSource = v.(bool) }},
	{
		name: "record_attrs", want: wantNames, doc: "Attributes of Python's log records to add to each record, with json or text.",
		set: func(c *cloudWatch, v any) { c.opts.RecordAttrs = texts(v.([]reference)) },
	},
	{
		name: "fields", want: wantTags, doc: "Fields of every record; placeholders as in log_stream_name, such as {ecs.task_id} and {env:NAME}.",
		set: func(c *cloudWatch, v any) { c.opts.Fields = v.(map[string]string) },
	},
	{
		name: "format", want: wantChoice, choices: []string{"json", "text"}, doc: "The form of messages, where there is no formatter.",
		set: func(c *cloudWatch, v any) { c.opts.Format = formats[v.(string)] },
	},
	{
		name: "sampling", want: wantBool, inner: samplingKeys, set: setSampling,
		doc: "Of records that are alike keep the first 100 of each second, then every 100th, and all errors; true, or a mapping with other numbers.",
	},
	{name: "metric_namespace", want: wantText, doc: "The namespace of the metrics that records carry.", set: func(c *cloudWatch, v any) { c.opts.MetricNamespace = v.(string) }},
	{
		name: "log_stream_name", also: []string{"stream_name"}, want: wantText,
		doc: "The template of the log stream's name. If missing, " + watchtower.DefaultLogStreamName + ".",
		set: func(c *cloudWatch, v any) { c.opts.LogStreamName = v.(string) },
	},
	{name: "max_streams", want: wantNumber, doc: "The log streams that are open at the same time. If missing, 1000.", set: func(c *cloudWatch, v any) { c.opts.MaxStreams = v.(int) }},
	{name: "region", also: []string{"region_name"}, want: wantText, doc: "The AWS region. If missing, the SDK's own search.", set: func(c *cloudWatch, v any) { c.opts.Region = v.(string) }},
	{name: "profile", also: []string{"boto3_profile_name"}, want: wantText, doc: "A profile of the shared AWS configuration.", set: func(c *cloudWatch, v any) { c.opts.Profile = v.(string) }},
	{name: "endpoint_url", want: wantText, doc: "The endpoint of the service, as for a local server.", set: func(c *cloudWatch, v any) { c.opts.EndpointURL = v.(string) }},
	{name: "no_create_log_group", want: wantBool, doc: "Leave a missing log group missing.", set: func(c *cloudWatch, v any) { c.opts.NoCreateLogGroup = v.(bool) }},
	{name: "no_create_log_stream", want: wantBool, doc: "Leave missing log streams missing.", set: func(c *cloudWatch, v any) { c.opts.NoCreateLogStream = v.(bool) }},
	{name: "retention_days", want: wantNumber, doc: "The retention of a log group that is created.", set: func(c *cloudWatch, v any) { c.opts.RetentionDays = v.(int) }},
	{name: "enforce_retention", want: wantBool, doc: "Set the retention on a log group that exists too.", set: func(c *cloudWatch, v any) { c.opts.EnforceRetention = v.(bool) }},
	{
		name: "tags", also: []string{"log_group_tags"}, want: wantTags, doc: "The tags of a log group that is created.",
		set: func(c *cloudWatch, v any) { c.opts.Tags = v.(map[string]string) },
	},
	{name: "kms_key_id", want: wantText, doc: "The ARN of the key of a log group that is created.", set: func(c *cloudWatch, v any) { c.opts.KMSKeyID = v.(string) }},
	{
		name: "log_group_class", want: wantText, doc: "The class of a log group that is created: STANDARD, INFREQUENT_ACCESS or DELIVERY.",
		set: func(c *cloudWatch, v any) { c.opts.LogGroupClass = v.(string) },
	},
	{name: "deletion_protection", want: wantBool, doc: "Protect a log group that is created from deletion.", set: func(c *cloudWatch, v any) { c.opts.DeletionProtection = v.(bool) }},
	{
		name: "entity", want: wantMap, inner: entityKeys, set: setEntity,
		doc: "What records are about: 2 to 4 of Type, ResourceType, Identifier, Name and Environment, and attributes. If missing, as the environment says.",
	},
	{name: "no_entity", want: wantBool, doc: "Send no entity.", set: func(c *cloudWatch, v any) { c.opts.NoEntity = v.(bool) }},
	{
		name: "flush_interval", also: []string{"send_interval"}, want: wantDuration,
		doc: "How long an event may wait for its batch to fill; 0 is a millisecond. If missing, 60s for " + cloudWatchClass + ", otherwise 5s.",
		set: func(c *cloudWatch, v any) { c.opts.FlushInterval = cmp.Or(v.(time.Duration), time.Millisecond) },
	},
	{name: "max_batch_bytes", also: []string{"max_batch_size"}, want: wantSize, doc: "The largest batch in bytes. If missing, 1048576.", set: func(c *cloudWatch, v any) { c.opts.MaxBatchBytes = v.(int) }},
	{name: "max_batch_events", also: []string{"max_batch_count"}, want: wantNumber, doc: "The largest batch in events. If missing, 10000.", set: func(c *cloudWatch, v any) { c.opts.MaxBatchEvents = v.(int) }},
	{name: "max_in_flight", want: wantNumber, doc: "The requests that may be under way at the same time. If missing, 4.", set: func(c *cloudWatch, v any) { c.opts.MaxInFlight = v.(int) }},
	{name: "no_compression", want: wantBool, doc: "Send plain bodies.", set: func(c *cloudWatch, v any) { c.opts.NoCompression = v.(bool) }},
	{name: "max_event_bytes", want: wantSize, doc: "The longest message in bytes. If missing, 1048550.", set: func(c *cloudWatch, v any) { c.opts.MaxEventBytes = v.(int) }},
	{
		name: "oversize", want: wantChoice, choices: []string{"shrink", "split", "drop"}, doc: "What becomes of a longer message. If missing, shrink.",
		set: func(c *cloudWatch, v any) { c.opts.Oversize = oversizes[v.(string)] },
	},
	{name: "queue_bytes", want: wantSize, doc: "The memory that holds events. If missing, 16MiB.", set: func(c *cloudWatch, v any) { c.opts.QueueBytes = v.(int) }},
	{
		name: "when_full", want: wantChoice, choices: []string{"drop_newest", "drop_oldest", "drop_lowest_level", "block"},
		doc: "What happens when that is full. If missing, drop_newest.",
		set: func(c *cloudWatch, v any) { c.opts.WhenFull = policies[v.(string)] },
	},
	{name: "block_timeout", want: wantDuration, doc: "How long block, and sync, wait. If missing, as long as it takes.", set: func(c *cloudWatch, v any) { c.opts.BlockTimeout = v.(time.Duration) }},
	{name: "error_reserve", want: wantSize, doc: "The part of queue_bytes for errors; -1 is none. If missing, a sixteenth.", set: func(c *cloudWatch, v any) { c.opts.ErrorReserve = v.(int) }},
	{name: "restamp", want: wantBool, doc: "Send what is too old or too new for the service with the time of now.", set: func(c *cloudWatch, v any) { c.opts.Restamp = v.(bool) }},
	{name: "no_gap_records", want: wantBool, doc: "Leave out the records that tell of losses in the log stream.", set: func(c *cloudWatch, v any) { c.opts.NoGapRecords = v.(bool) }},
	{name: "spool_dir", want: wantText, doc: "A folder for records on disk.", set: func(c *cloudWatch, v any) { c.opts.SpoolDir = v.(string) }},
	{
		name: "spool", want: wantChoice, choices: []string{"on_failure", "always"}, doc: "Which records go to spool_dir. If missing, on_failure.",
		set: func(c *cloudWatch, v any) { c.opts.Spool = spools[v.(string)] },
	},
	{name: "spool_bytes", want: wantSize, doc: "The bound of what is on disk. If missing, 1GiB.", set: func(c *cloudWatch, v any) { c.opts.SpoolBytes = int64(v.(int)) }},
	{
		name: "spool_sync", want: wantChoice, choices: []string{"never", "interval", "always"}, doc: "When records on disk are synced. If missing, never.",
		set: func(c *cloudWatch, v any) { c.opts.SpoolSync = syncs[v.(string)] },
	},
	{name: "spool_sync_interval", want: wantDuration, doc: "The interval of spool_sync: interval. If missing, 1s.", set: func(c *cloudWatch, v any) { c.opts.SpoolSyncInterval = v.(time.Duration) }},
	{name: "sync", want: wantBool, doc: "Each call waits until its record is stored.", set: func(c *cloudWatch, v any) { c.opts.Sync = v.(bool) }},
}

// The words for what Options have constants for.
var (
	formats   = map[string]watchtower.Format{"json": watchtower.FormatJSON, "text": watchtower.FormatText}
	oversizes = map[string]watchtower.Oversize{"shrink": watchtower.Shrink, "split": watchtower.Split, "drop": watchtower.Drop}
	policies  = map[string]watchtower.WhenFull{
		"drop_newest": watchtower.DropNewest, "drop_oldest": watchtower.DropOldest,
		"drop_lowest_level": watchtower.DropLowestLevel, "block": watchtower.Block,
	}
	spools = map[string]watchtower.Spool{"on_failure": watchtower.SpoolOnFailure, "always": watchtower.SpoolAlways}
	syncs  = map[string]watchtower.SpoolSync{"never": watchtower.SyncNever, "interval": watchtower.SyncInterval, "always": watchtower.SyncAlways}
)

// conflicts are keys that say the same with different words: of each pair a
// handler has one.
var conflicts = [][2]string{
	{"use_queues", "sync"},
	{"max_message_size", "max_event_bytes"},
	{"create_log_group", "no_create_log_group"},
	{"create_log_stream", "no_create_log_stream"},
	{"log_group_retention_days", "retention_days"},
	{"formatter", "format"},
}

func readCloudWatch(d *draft, f fields, h *handlerSpec) any {
	c := &cloudWatch{group: defaultGroup}
	if h.pythonic {
		c.opts.FlushInterval = pythonInterval
	}
	for _, pair := range conflicts {
		if a, ok := f[pair[0]]; ok {
			if b, both := f[pair[1]]; both {
				d.wrong(b.keyAt, b.path, "%s in line %d says the same: write one of them", pair[0], a.keyAt.line)
			}
		}
	}
	for i := range cloudWatchKeys {
		k := &cloudWatchKeys[i]
		if v, ok := f[k.name]; ok && k.set != nil {
			k.set(c, v.value)
		}
	}
	if _, bounded := f["block_timeout"]; !bounded && !f.is("use_queues", true) {
		c.opts.BlockTimeout = syncTimeout
	}
	if v, ok := f["format"]; ok {
		h.formatter = &formatterSpec{native: v.value.(string)}
	}
	h.formatter = h.ownFormatter(f)
	if v, ok := f["record_attrs"]; ok && h.formatter.native == "" {
		d.wrong(v.keyAt, v.path, "record_attrs is for json and text: write format: json, or a formatter that names the attributes")
		c.opts.RecordAttrs = nil // told
	}
	d.checkOptions(f, h, c)
	return c
}

// texts are the names that are referred to.
func texts(refs []reference) (names []string) {
	for _, r := range refs {
		names = append(names, r.text)
	}
	return names
}

// ownFormatter is the formatter as a CloudWatch handler has it: with add_source
// where the other native handlers have it, and no empty messages.
func (h *handlerSpec) ownFormatter(f fields) *formatterSpec {
	own := *h.formatter
	if own.native == "" {
		own.silent = true
	} else if f.is("add_source", false) {
		own.addSource = true
	}
	return &own
}
