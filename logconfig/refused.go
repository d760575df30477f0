package logconfig

import (
	"errors"
	"regexp"
	"strings"

	"github.com/watchtower-go/watchtower"
)

// checkOptions notes what New would refuse, at the keys that it comes from.
func (d *draft) checkOptions(f fields, h *handlerSpec, c *cloudWatch) {
	o := c.opts
	if key, ok := f["metric_namespace"]; ok && h.formatter.native != "json" {
		d.wrong(key.at, key.path, "metrics are JSON: write format: json, and no other formatter")
		o.MetricNamespace = ""
	}
	for _, err := range flat(o.Validate(c.group)) {
		at, path := h.at, "handlers."+h.name
		option := "log_group_name"
		if o, ok := errors.AsType[*watchtower.OptionError](err); ok {
			option, err = snake(o.Option), o.Err
		}
		key, ok := f.first(append([]string{option}, replaces[option]...))
		switch {
		case ok:
			at, path = key.at, key.path
		case option == "max_event_bytes", option == "fields":
			continue // it follows from max_batch_bytes, which has an error of its own
		case option == "spool_dir":
			if key, ok = f.first(spoolKeys); ok {
				at, path, err = key.keyAt, key.path, errors.New("it needs spool_dir, the folder for records on disk")
			}
		default:
			path = joinPath(path, option)
		}
		d.wrong(at, path, "%v", err)
	}
}

// replaces are the keys of Python by which an option may be given.
var replaces = map[string][]string{
	"max_event_bytes": {"max_message_size"}, "retention_days": {"log_group_retention_days"},
	"sync": {"use_queues"}, "enforce_retention": {"log_group_retention_days"},
}

// spoolKeys are those that need spool_dir.
var spoolKeys = []string{"spool", "spool_bytes", "spool_sync", "spool_sync_interval"}

// flat takes joined errors apart.
func flat(err error) (all []error) {
	if err == nil {
		return nil
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range many.Unwrap() {
			all = append(all, flat(e)...)
		}
		return all
	}
	return []error{err}
}

// snake is the name of a field of Options as a key: log_stream_name, kms_key_id.
func snake(field string) string {
	var b []byte
	for i := range len(field) {
		c := field[i]
		if 'A' <= c && c <= 'Z' {
			after := i > 0 && 'a' <= field[i-1] && field[i-1] <= 'z'
			before := i > 0 && i+1 < len(field) && 'a' <= field[i+1] && field[i+1] <= 'z'
			if after || before {
				b = append(b, '_')
			}
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return string(b)
}

// misplaced tells of what Options.Watchtower has set and a format of Python has no use for.
func (h *handlerSpec) misplaced(o *watchtower.Options) error {
	switch {
	case h.formatter.native != "" || o.NewFormatter == nil:
	case len(o.RecordAttrs) > 0:
		return errors.New("Options.Watchtower sets RecordAttrs, which is for json and text: write format: json, or a formatter that names the attributes")
	case o.Format != watchtower.FormatJSON:
		return errors.New("Options.Watchtower sets Format, and the handler has a format of Python: write format: text in the document")
	}
	return nil
}

// optionNames are names of fields of Options as the errors of New have them.
var optionNames = regexp.MustCompile(`\bOptions\.[A-Z]\w+`)

// refused notes an error of starting a handler: at the key that it speaks of, and in the
// words of the document.
func (r *reader) refused(h *handlerSpec, err error) {
	at, path := h.at, "handlers."+h.name
	text := optionNames.ReplaceAllStringFunc(err.Error(), func(s string) string {
		name := snake(strings.TrimPrefix(s, "Options."))
		key, ok := h.keys[name]
		if !ok {
			return s
		}
		at, path = key.at, key.path
		return path[strings.LastIndexByte(path, '.')+1:]
	})
	r.wrong(at, path, "%s", text)
}
