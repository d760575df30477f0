package logconfig

import (
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/watchtower-go/watchtower/logconfig/internal/sink"
)

// handlerKeys are the keys that handlers of all classes have.
var handlerKeys = []key{
	{name: "class", also: []string{"()"}, want: wantText, doc: "What the handler is."},
	{name: "level", want: wantLevel, doc: "The lowest level that it takes. If missing, all."},
	{name: "formatter", want: wantWord, doc: "The name of its formatter."},
	{name: "filters", want: wantNames, doc: "The names of filters for what comes to it."},
}

// A class is a kind of handlers.
type class struct {
	names []string // the native name, then those of Python
	doc   string
	keys  []key
	read  func(d *draft, f fields, h *handlerSpec) any // the setting
}

var (
	filenameKey = key{name: "filename", want: wantText, doc: "The path of the file. Its folder must exist."}
	modeKey     = key{name: "mode", want: wantChoice, choices: []string{"a", "w", "x", "at", "wt", "xt", "a+", "w+", "x+"}, doc: "a to append (if missing), w to empty the file first, x for a file that does not exist yet."}
	encodingKey = key{name: "encoding", want: wantText, doc: "utf-8 (if missing), latin-1 or ascii."}
	delayKey    = key{name: "delay", want: wantBool, doc: "Open the file at the first line."}
	errorsKey   = key{name: "errors", want: wantText, doc: "What becomes of characters that the encoding has not: backslashreplace (if missing, and for strict), replace, ignore or xmlcharrefreplace."}
	backupKey   = key{name: "backupCount", also: []string{"backup_count"}, want: wantNumber, doc: "How many older files are kept."}
)

// classes are all that there are.
var classes = []class{
	{
		names: []string{"stream", "logging.StreamHandler"}, doc: "Writes lines to standard error or standard output.",
		keys: []key{{
			name: "stream", want: wantChoice, ext: true, doc: "ext://sys.stdout or ext://sys.stderr (if missing); also without ext://, and stdout and stderr.",
			choices: []string{"ext://sys.stdout", "ext://sys.stderr", "sys.stdout", "sys.stderr", "stdout", "stderr"},
		}},
		read: readStream,
	},
	{
		names: []string{"file", "logging.FileHandler"}, doc: "Writes lines to a file.",
		keys: []key{filenameKey, modeKey, encodingKey, delayKey, errorsKey}, read: readFile,
	},
	{
		names: []string{"watched_file", "logging.handlers.WatchedFileHandler"}, doc: "Writes lines to a file, and opens it again when it was moved away.",
		keys: []key{filenameKey, modeKey, encodingKey, delayKey, errorsKey}, read: readFile,
	},
	{
		names: []string{"rotating_file", "logging.handlers.RotatingFileHandler"}, doc: "Writes lines to a file, and begins a new one when it is full.",
		keys: []key{
			filenameKey, modeKey, encodingKey, delayKey, errorsKey, backupKey,
			{name: "maxBytes", also: []string{"max_bytes"}, want: wantSize, doc: "The size that the file stays below. If 0, it is never rotated."},
		},
		read: readRotating,
	},
	{
		names: []string{"timed_rotating_file", "logging.handlers.TimedRotatingFileHandler"}, doc: "Writes lines to a file, and begins a new one at certain times.",
		keys: []key{
			filenameKey, encodingKey, delayKey, errorsKey, backupKey,
			{
				name: "when", want: wantChoice, doc: "The unit of interval. If missing, h.",
				choices: []string{"s", "m", "h", "d", "midnight", "w0", "w1", "w2", "w3", "w4", "w5", "w6"},
			},
			{name: "interval", want: wantNumber, doc: "How many units a file is written to. If missing, 1."},
			{name: "utc", want: wantBool, doc: "Count days in UTC, not in the local zone."},
			{name: "atTime", also: []string{"at_time"}, want: wantWord, doc: "The time of day, as in \"03:30:00\", for midnight and w0 to w6."},
		},
		read: readTimed,
	},
	{
		names: []string{"syslog", "logging.handlers.SysLogHandler"}, doc: "Sends lines to syslog.",
		keys: []key{
			{name: "address", want: wantAddress, doc: "[host, port], or the path of a socket, such as /dev/log. If missing, localhost, port 514."},
			{name: "facility", want: wantWord, ext: true, doc: "The name or number of the facility. If missing, user."},
			{name: "socktype", want: wantWord, ext: true, doc: "udp (if missing) or tcp; also ext://socket.SOCK_DGRAM and ext://socket.SOCK_STREAM."},
			{name: "ident", want: wantText, doc: "What stands before each line."},
			{name: "append_nul", want: wantBool, doc: "End each line with a NUL, as Python does. If missing, true."},
		},
		read: readSyslog,
	},
	{
		names: []string{"null", "logging.NullHandler"}, doc: "Takes everything and does nothing with it.",
		read: func(*draft, fields, *handlerSpec) any { return nullSetting{} },
	},
	{
		names: []string{"cloudwatch", cloudWatchClass, "watchtower.handler.CloudWatchLogHandler"}, doc: "Delivers records to a log group of CloudWatch Logs.",
		keys: cloudWatchKeys, read: readCloudWatch,
	},
}

// A handlerSpec is a handler as the document has it.
type handlerSpec struct {
	name      string
	at        position
	pythonic  bool // it is named as in Python
	level     slog.Level
	hasLevel  bool
	filters   []filterSpec
	formatter *formatterSpec
	setting   any // what is opened: one of the settings, or *cloudWatch
	keys      fields
}

// same reports whether what is open for h can go on as g: levels and filters
// do not matter, since they are not its own.
func (h *handlerSpec) same(g *handlerSpec) bool {
	return h.name == g.name && h.formatter.same(g.formatter) && reflect.DeepEqual(h.setting, g.setting)
}

// handler reads a handler.
func (d *draft) handler(e entry, path string) {
	h := &handlerSpec{name: e.key, at: e.at, level: everything}
	d.handlers[e.key] = h
	if d.incremental {
		d.incrementalHandler(h, e.value, path)
		return
	}
	c := d.class(e, path, h)
	if c == nil {
		return
	}
	f := d.fields(e.value, path, append(slices.Clone(handlerKeys), c.keys...))
	h.keys = f
	h.common(f)
	h.filters = d.filtersNamed(f.names("filters"), f["filters"].path)
	h.formatter = d.formatterOf(f, h)
	h.setting = c.read(d, f, h)
}

// common takes what is the same for all classes.
func (h *handlerSpec) common(f fields) {
	if l, ok := f["level"].value.(slog.Level); ok {
		h.level, h.hasLevel = l, true
	}
}

// incrementalHandler reads the level alone, as Python does.
func (d *draft) incrementalHandler(h *handlerSpec, n *node, path string) {
	if l := n.find("level"); l != nil {
		if v, ok := d.value(l, joinPath(path, "level"), &key{want: wantLevel}); ok {
			h.level, h.hasLevel = v.(slog.Level), true
		}
	}
}

// formatterOf returns the formatter of a handler. One that has none writes the
// message alone if it is named as in Python; otherwise as log/slog does, JSON
// to CloudWatch and text to all others.
func (d *draft) formatterOf(f fields, h *handlerSpec) *formatterSpec {
	ref, ok := f["formatter"]
	if !ok {
		if h.pythonic {
			return messageOnly()
		}
		if f.text("class") == "cloudwatch" {
			return &formatterSpec{native: "json"}
		}
		return &formatterSpec{native: "text"}
	}
	spec := d.formatters[ref.value.(string)]
	if spec == nil {
		d.wrong(ref.at, ref.path, "%s", unknown("formatter", ref.value.(string), sortedKeys(d.formatters)))
		return messageOnly()
	}
	return spec
}

// The settings of what is opened; those of files and syslog are the sinks' own.
type (
	streamSetting struct{ stdout bool }
	nullSetting   struct{}
)

func readStream(_ *draft, f fields, _ *handlerSpec) any {
	return streamSetting{stdout: strings.HasSuffix(f.text("stream"), "stdout")}
}

// filename returns the path of a file, which has to be there.
func (d *draft) filename(f fields, h *handlerSpec) string {
	if path := "handlers." + h.name; f.text("filename") == "" && !d.isWrong(path+".filename") {
		d.wrong(h.at, path, `the key "filename" is missing: name the file`)
	}
	return f.text("filename")
}

// encoding returns the encoding of a file, and what becomes of what it has not.
func (d *draft) encoding(f fields) (name, onErrors string) {
	name, onErrors = f.text("encoding"), f.text("errors")
	if err := sink.CheckEncoding(name, ""); err != nil {
		d.wrong(f["encoding"].at, f["encoding"].path, "%v", err)
	}
	if err := sink.CheckEncoding("", onErrors); err != nil {
		d.wrong(f["errors"].at, f["errors"].path, "%v", err)
	}
	return name, onErrors
}

func readFile(d *draft, f fields, h *handlerSpec) any {
	encoding, onErrors := d.encoding(f)
	return sink.FileOptions{
		Filename: d.filename(f, h), Mode: f.text("mode"), Delay: f.is("delay", false),
		Encoding: encoding, Errors: onErrors, Watched: strings.Contains(strings.ToLower(f.text("class")), "watched"),
	}
}

func readRotating(d *draft, f fields, h *handlerSpec) any {
	d.notNegative(f, "maxBytes", "backupCount")
	encoding, onErrors := d.encoding(f)
	return sink.RotatingOptions{
		Filename: d.filename(f, h), Mode: f.text("mode"), Delay: f.is("delay", false),
		Encoding: encoding, Errors: onErrors, MaxBytes: int64(f.number("maxBytes")), BackupCount: f.number("backupCount"),
	}
}

func readTimed(d *draft, f fields, h *handlerSpec) any {
	d.notNegative(f, "backupCount")
	encoding, onErrors := d.encoding(f)
	if i, ok := f["interval"]; ok && f.number("interval") < 1 {
		d.wrong(i.at, i.path, "has to be at least 1")
	}
	o := sink.TimedOptions{
		Filename: d.filename(f, h), Delay: f.is("delay", false), When: f.text("when"),
		Encoding: encoding, Errors: onErrors, Interval: f.number("interval"), BackupCount: f.number("backupCount"), UTC: f.is("utc", false),
	}
	if at, ok := f["atTime"]; ok {
		clock, err := time.Parse("15:04:05", at.value.(string))
		if err != nil {
			clock, err = time.Parse("15:04", at.value.(string))
		}
		if err != nil {
			d.wrong(at.at, at.path, "%s is not a time of day: write it in quotes, as in \"03:30:00\"", quote(at.value.(string)))
		}
		o.AtTime = time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute + time.Duration(clock.Second())*time.Second
	}
	return o
}

func readSyslog(d *draft, f fields, _ *handlerSpec) any {
	socktype := f.text("socktype")
	if n, ok := map[string]string{"1": "tcp", "2": "udp"}[socktype]; ok {
		socktype = n // Linux's numbers of SOCK_STREAM and SOCK_DGRAM
	}
	o := sink.SyslogOptions{
		Address: f.text("address"), SockType: socktype, Facility: f.text("facility"),
		Ident: f.text("ident"), NoNUL: !f.is("append_nul", true),
	}
	for key, err := range o.Wrong() {
		d.wrong(f[key].at, f[key].path, "%v", err)
	}
	return o
}

// notNegative checks numbers.
func (d *draft) notNegative(f fields, names ...string) {
	for _, n := range names {
		if f.number(n) < 0 {
			d.wrong(f[n].at, f[n].path, "%d is negative", f.number(n))
		}
	}
}
