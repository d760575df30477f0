package watchtower

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// Options tell [New] how to log and where to. A nil *Options and every zero
// field mean the default. The names are the same in Go, in YAML and in the
// documentation.
type Options struct {
	// Level is the lowest level that is logged. If nil, slog.LevelInfo.
	Level slog.Leveler
	// AddSource adds the file, line and function of the log call.
	AddSource bool
	// RecordAttrs are attributes of Python's log records to add to each record, by
	// their names there, after the message and at the top level: name levelno
	// levelname pathname filename module lineno funcName created asctime msecs
	// relativeCreated thread threadName taskName process processName message. The
	// level, the time and the message stand under slog's keys too, the message as
	// "msg"; ReplaceAttr may leave them out. Where the call was is found out only if
	// an attribute shows it. Not with NewFormatter, nor for Put and Writer.
	RecordAttrs []string
	// Fields are in every record, by their keys: after the logger's name, outside of
	// all groups. A value is a template with the placeholders of LogStreamName,
	// except those that each record has for itself ({logger_name}, {strftime:…},
	// {attr:…}), and may have any character; {{ and }} are braces. What is about the
	// place where the program runs is found out as for LogStreamName: in the
	// background, while records wait in the queue, which are given it before they
	// leave; "unknown" is what cannot be found out, or was not when a record is lost.
	// Until it is known a record that is split, or that has a NewFormatter, lacks such a
	// field, and it is no dimension of metrics. A field with such a fact stands at the
	// end of the record. A key that an attribute has too is there twice; most readers
	// of JSON take the later one. ReplaceAttr, EncodeAny, Redact and
	// {attr:…} don't see fields.
	// Events of Put and Writer, and the library's own, have none. Together they have
	// at most half of MaxEventBytes.
	Fields map[string]string
	// ReplaceAttr rewrites or removes attributes, with the rules of
	// [slog.HandlerOptions]. It runs on the goroutine that logs.
	ReplaceAttr func(groups []string, a slog.Attr) slog.Attr
	// EncodeAny is asked about the value of each attribute that is of no kind of
	// slog's own ([slog.KindAny]), not nil and no [*slog.Source], after LogValue and
	// ReplaceAttr and before Redact. If it returns true, what it returns is logged in place of the
	// value, as [slog.Any] would log it: a text, a number, a map, a
	// [slog.GroupValue]. It is not asked about that, nor about what is within a
	// value, such as an element of a map or a field of a struct, of which
	// encoding/json leaves out those that are not exported. It runs on the goroutine
	// that logs; a panic in it becomes text, without the value. If nil, or if it returns false, an error is its text, and
	// other values are what encoding/json makes of them, or fmt with FormatText.
	EncodeAny func(v any) (any, bool)
	// ContextAttrs returns attributes for a record from the context that it is
	// logged with, such as the ids of a trace (bridge/watchotel has one). They
	// stand at the top level, outside of all groups: after the message and the
	// logger's name, before the attributes of With. A key that With or the record has
	// too is there twice; most readers of JSON take the later one. {attr:key} and
	// ReplaceAttr see them. It is called by Handle on the goroutine that logs, for records that
	// Sampling keeps, not for Put and Writer. A panic in it becomes the text of an attribute ContextAttrs. If nil,
	// there are none.
	ContextAttrs func(context.Context) []slog.Attr
	// Redact, if set, returns what is logged in place of a text. It gets the
	// message, with the key "msg", and the value of each attribute that is a
	// text, with the attribute's key: strings, errors, Stringers, bytes and what
	// marshals to a string, also in groups and of With. An integer or a float comes
	// as the text that JSON has for it; unless it changes it is logged as the number
	// that it is, else as what takes its place, a string if that is no number. Of a value that marshals
	// to other JSON, such as a map or a struct, it gets each string and number
	// with the key that these have there (elements of an array have the array's),
	// and then the JSON as a whole; what it makes of that is logged as JSON if it
	// is valid, else as a string. With FormatText such a value comes as the text
	// that fmt makes of it. Events of Put and Writer, and messages of
	// NewFormatter, come whole, with the key "". It does not see attributes that
	// are booleans, durations and times, values of metrics, bytes within a value, which are base64 there,
	// the source, the names of keys and loggers, nor what ReplaceAttr, which
	// comes first, has removed.
	//
	// It runs on the goroutine that logs, before anything is kept: the log
	// stream's name, Fallback and OnError see only what it returns. A panic in
	// it becomes text, without the value. See [RedactSecrets].
	Redact func(key, value string) string
	// Format is the form of a message. If zero, FormatJSON.
	Format Format
	// NewFormatter, if set, takes the place of Format: the handler that it
	// returns writes each message to w. It is called once for each
	// goroutine that logs at the same time; what is written for one record
	// is one event, less a newline at its end. AddSource, EncodeAny and ReplaceAttr
	// are the formatter's own then, and Level alone decides what is logged: the
	// formatter's Enabled is not called.
	NewFormatter func(w io.Writer) slog.Handler

	// Sampling leaves out records of which there are many alike. If nil, all
	// are kept.
	Sampling *Sampling

	// MetricNamespace is the namespace of the metrics that records carry, see
	// [Metric]. If empty, these are plain attributes. Only with FormatJSON, no
	// NewFormatter, and log groups of the class STANDARD: CloudWatch makes no
	// metrics of others (User Guide, "Log classes").
	MetricNamespace string

	// LogStreamName is the template of the log stream's name. Placeholders:
	// {machine_name} {program_name} {logger_name} {process_id}
	// {strftime:%Y-%m-%d} {env:NAME} {env:NAME:-default} {hostname} {uuid}
	// {attr:key}; of the place where the program runs, {ecs.task_id}
	// {ecs.cluster} {ec2.instance_id} {k8s.pod} {k8s.namespace}
	// {lambda.function}. Times are those of the records, in UTC; a record without
	// the top-level attribute has "none", a handler without a name "root",
	// and a variable that is not set and has no default is an error of New.
	// ECS and EC2 are asked in the background for two seconds at most, while
	// records wait in the queue, or with SpoolAlways those who log; what cannot
	// be found out is "unknown", and told as a [*MetadataError].
	// {{ and }} are braces. If empty, DefaultLogStreamName.
	LogStreamName string
	// MaxStreams bounds the log streams that are open at the same time;
	// events for further ones go to the stream "overflow". Streams with no
	// events are given up after a while. If zero, 1,000.
	MaxStreams int

	// Client is the client to send with. If nil, one is made from Region,
	// Profile and EndpointURL as the AWS SDK does it: environment, shared
	// configuration, container and instance roles.
	Client *cloudwatchlogs.Client
	// Region is the AWS region. If empty, the SDK's own search; finding none
	// is an error of New, except with an endpoint override (us-east-1).
	Region string
	// Profile is a profile of the shared AWS configuration.
	Profile string
	// EndpointURL overrides the endpoint of the service, as for a local
	// server. If empty, AWS_ENDPOINT_URL_CLOUDWATCH_LOGS and
	// AWS_ENDPOINT_URL are honoured.
	EndpointURL string

	// NoCreateLogGroup leaves a missing log group missing: an error, told
	// through OnError, and the events wait for it.
	NoCreateLogGroup bool
	// NoCreateLogStream does the same for log streams.
	NoCreateLogStream bool
	// RetentionDays is the retention of a group that is created: 1, 3, 5, 7,
	// 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192,
	// 2557, 2922, 3288 or 3653. If zero, events never expire.
	RetentionDays int
	// EnforceRetention sets RetentionDays on an existing group too, once per
	// process. Failing at it is told through OnError and stops nothing.
	EnforceRetention bool
	// Tags are given to a group that is created; 50 at most.
	Tags map[string]string
	// KMSKeyID is the ARN of the key that encrypts a group that is created.
	KMSKeyID string
	// LogGroupClass is the class of a group that is created: STANDARD,
	// INFREQUENT_ACCESS or DELIVERY. If empty, STANDARD.
	LogGroupClass string
	// DeletionProtection protects a group that is created from deletion.
	DeletionProtection bool

	// Entity is what records are about. If nil, the service that the environment
	// describes as OpenTelemetry has it: OTEL_SERVICE_NAME, or service.name of
	// OTEL_RESOURCE_ATTRIBUTES, with deployment.environment.name, and what is
	// said there of cloud.platform and k8s; none, if no service is named. Records
	// from an earlier process's SpoolDir go with the entity of the one that sends.
	Entity *Entity
	// NoEntity sends none.
	NoEntity bool

	// FlushInterval is how long an event may wait for its batch to fill; it
	// may be more, up to a minute, while the service throttles. If zero, 5 s.
	FlushInterval time.Duration
	// MaxBatchBytes bounds a batch in bytes as the service counts them. If
	// zero, or above it, the service's 1,048,576.
	MaxBatchBytes int
	// MaxBatchEvents bounds a batch in events. If zero, or above it, the
	// service's 10,000.
	MaxBatchEvents int
	// MaxInFlight is the number of requests that may be under way at the
	// same time. If zero, 4.
	MaxInFlight int
	// NoCompression sends plain bodies. Without it a body that gains by it is
	// sent compressed (gzip).
	NoCompression bool

	// MaxEventBytes bounds a message, in UTF-8 bytes. If zero, or above it,
	// the service's 1,048,550.
	MaxEventBytes int
	// Oversize says what becomes of a longer message. If zero, Shrink.
	Oversize Oversize

	// QueueBytes bounds the memory that holds events: in the queue, in open
	// batches and under way, over all streams. At least 65,536; an event
	// that is longer than the whole queue is dropped whatever WhenFull says,
	// unless SpoolDir has room for it. While it is full the process may take
	// twice as much: Go's garbage collector lets the heap double (GOGC).
	// Compression takes one to two MiB beside it for each of MaxInFlight
	// requests. If zero, 16 MiB.
	QueueBytes int
	// WhenFull says what happens to an event that finds the queue full, and
	// with a SpoolDir the disk too. If zero, DropNewest. The pauses between
	// attempts are up to a minute in a long outage, unless the service asks
	// for more, and what is dropped makes them no shorter: it may go on for
	// as long when the service is back. Where Block waits they are shorter,
	// up to 7.5 seconds.
	WhenFull WhenFull
	// BlockTimeout bounds the time that Block waits for room; then the event
	// is dropped, with ReasonQueueFull. It bounds the wait of Sync too. If
	// zero, they wait until there is room or the handler is closed.
	BlockTimeout time.Duration
	// ErrorReserve is the part of QueueBytes that is kept for records of
	// slog.LevelError and above, so that the reason of a flood is not drowned
	// by it. If zero, a sixteenth of QueueBytes; if negative, none.
	ErrorReserve int

	// Restamp sends records that the service refuses as too old or too new
	// again, with the time of now; the time that they had becomes the field
	// _original_time. Without it they are rejected.
	Restamp bool
	// Fallback takes records that are rejected or dropped. Its record has the
	// time, the level, the formatted message (the record's own where it could
	// not be formatted), and the attributes reason and stream. It is called on
	// the goroutine that logs when a record is lost there, else on a goroutine
	// of its own. See also [WriteTo].
	Fallback slog.Handler
	// NoGapRecords leaves out the record that is written into a log stream,
	// after a loss, to tell of it where it happened.
	NoGapRecords bool

	// SpoolDir is a folder for records on disk. If empty, there is none.
	// Processes may share it: each handler has a subfolder of its own, and takes
	// over those of processes that are gone and that wrote for the same log
	// group in the same region. When a program changes these, what it left for
	// the old ones stays until "watchtower spool drain" delivers it. Records
	// older than 14 days, which the service takes no more, are dropped. Not with
	// Sync.
	SpoolDir string
	// Spool says which records go to SpoolDir. If zero, SpoolOnFailure.
	Spool Spool
	// SpoolBytes bounds what this process keeps on disk. If zero, 1 GiB.
	SpoolBytes int64
	// SpoolSync says when records on disk are made to survive the end of the
	// machine; the end of the process they survive in any case. If zero,
	// SyncNever.
	SpoolSync SpoolSync
	// SpoolSyncInterval is the interval of SyncInterval. If zero, a second.
	SpoolSyncInterval time.Duration

	// Sync makes Handle return when the event is stored, or lost, with the
	// error (which slog.Logger does not look at). It costs a round trip per
	// call; calls at the same time share one. In an outage it waits until
	// that is over or BlockTimeout has passed; then the record stays pending.
	Sync bool

	// OnError hears of failures and losses; errors.AsType tells which.
	//
	// A [*DropError] is a loss. Every loss is told, those of a second with
	// the same reason in one. All others lose nothing by themselves: what
	// failed, a [*SendError] or a [*SpoolError], is tried again.
	//
	// A failure that goes on is told at once when it is seen first, by kind,
	// then again when it is seen after a minute, two more, four more, and so on
	// up to an hour; its Failures counts all of them. One [*RecoveredError]
	// tells that delivery works again. A service that fails again within a minute
	// of that goes on with the same failure, so that none is told more often than
	// once a minute.
	//
	// OnError is called from a goroutine of its own, one call at a time, and
	// should not log through the handler that it hears of. If nil, each distinct
	// failure is written once to standard error, and the recovery; losses with
	// the same reason at once, then summed up, ever more seldom, and at Close.
	OnError func(error)
}

// DefaultLogStreamName is the template used when Options.LogStreamName is empty.
const DefaultLogStreamName = "{machine_name}/{program_name}/{logger_name}/{process_id}"
