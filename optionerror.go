package watchtower

import (
	"errors"
	"fmt"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/streamname"
)

// An OptionError tells of an option that [New] refuses. The error of New has one
// for each of them.
type OptionError struct {
	// Option is the name of the field of [Options].
	Option string
	// Err is what is wrong with it, and what to set instead.
	Err error
}

func (e *OptionError) Error() string { return "option " + e.Option + ": " + e.Err.Error() }

// Unwrap returns what is wrong.
func (e *OptionError) Unwrap() error { return e.Err }

// wrongOption makes an OptionError, with the formats of fmt.Errorf.
func wrongOption(field, format string, args ...any) error {
	return &OptionError{Option: field, Err: fmt.Errorf(format, args...)}
}

// Validate reports everything that [New] would refuse about these options and
// the log group of that name, as [*OptionError]s that are joined; it starts
// nothing, and looks neither for a region nor at the disk.
func (o *Options) Validate(logGroupName string) error {
	full := o.withDefaults()
	_, templateErr := streamname.Parse(full.LogStreamName, nil, nil)
	if templateErr != nil {
		templateErr = wrongOption("LogStreamName", "%w", templateErr)
	}
	_, fieldsErr := full.parseFields(nil)
	return errors.Join(cwl.ValidateGroupName(logGroupName), full.validate(), templateErr, fieldsErr)
}
