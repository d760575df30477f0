package store

// A Stream is a log stream. Times are in milliseconds since 1970 (UTC); zero
// is none.
type Stream struct {
	Name    string
	Created int64
	// FirstEvent and LastEvent are the timestamps of the earliest and the
	// latest event stored. Expire moves them.
	FirstEvent, LastEvent int64
	// LastIngestion is when the latest put was accepted.
	LastIngestion int64
}
