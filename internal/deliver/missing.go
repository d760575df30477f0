package deliver

import "fmt"

// A MissingError is the failure of a put into a log group or stream that does
// not exist and that the settings forbid to create.
type MissingError struct {
	Group string
	// Stream is the missing stream, empty if it is the group that is missing.
	Stream string
}

func (e *MissingError) Error() string {
	if e.Stream == "" {
		return fmt.Sprintf("log group %q does not exist and NoCreateLogGroup is set", e.Group)
	}
	return fmt.Sprintf("log stream %q in group %q does not exist and NoCreateLogStream is set", e.Stream, e.Group)
}
