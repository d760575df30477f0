package pyformat

import (
	"log/slog"
	"time"
)

// A Record is what a format can speak of.
type Record struct {
	// Name is the logger's name.
	Name string
	// Level is the record's level; see pyrecord.LevelNumber and pyrecord.LevelName for what
	// %(levelno)d and %(levelname)s make of it.
	Level slog.Level
	// Message is the text, ready.
	Message string
	// Time is when the record was made.
	Time time.Time
	// PathName, Func and Line are the source; "" and 0 when it is unknown. Func
	// may have the package's path: %(funcName)s shows what stands after it.
	PathName string
	Func     string
	Line     int
	// Attr returns the value of a field that is not Python's own, such as
	// %(tenant)s. It may be nil.
	Attr func(key string) (slog.Value, bool)
}
