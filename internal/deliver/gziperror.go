package deliver

import "fmt"

// A GzipError tells that the endpoint does not read compressed bodies. They are
// plain from then on.
type GzipError struct {
	Err error // the refusal of a compressed body; the same was taken plain
}

func (e *GzipError) Error() string {
	return fmt.Sprintf("gzip is off: the endpoint refused a compressed body and took the same plain: %v", e.Err)
}

// Unwrap returns the refusal.
func (e *GzipError) Unwrap() error { return e.Err }
