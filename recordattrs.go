package watchtower

import (
	"errors"
	"slices"

	"github.com/watchtower-go/watchtower/internal/pyrecord"
)

// recordAttrs are those of RecordAttrs that are known, each once. The message is
// there as "msg" in any case, which is what Python's formatter calls it.
func (o Options) recordAttrs() (attrs []pyrecord.Attr) {
	for i, name := range o.RecordAttrs {
		if a, err := pyrecord.Lookup(name); err == nil && slices.Index(o.RecordAttrs, name) == i {
			attrs = append(attrs, a)
		}
	}
	return attrs
}

// validateRecordAttrs checks the names.
func (o Options) validateRecordAttrs() error {
	if len(o.RecordAttrs) == 0 {
		return nil
	}
	if o.NewFormatter != nil {
		return wrongOption("RecordAttrs", "a formatter adds attributes itself: leave out RecordAttrs or NewFormatter")
	}
	var errs []error
	for _, name := range o.RecordAttrs {
		if name == "msg" {
			continue
		}
		if _, err := pyrecord.Lookup(name); err != nil {
			errs = append(errs, wrongOption("RecordAttrs", "%w (attributes of your own are fields anyway)", err))
		}
	}
	return errors.Join(errs...)
}
