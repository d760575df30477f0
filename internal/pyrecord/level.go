package pyrecord

import (
	"log/slog"
	"strconv"
)

// levelNames are the names that Python's logging knows.
var levelNames = map[int]string{
	0: "NOTSET", 10: "DEBUG", 20: "INFO", 30: "WARNING", 40: "ERROR", 50: "CRITICAL",
}

// LevelNumber returns Python's number for a level: DEBUG is 10, INFO 20, WARNING
// 30, ERROR 40, and CRITICAL, which is slog.LevelError+4, 50. Those in between
// lie in between, rounded down: slog.LevelInfo+2 is 25.
func LevelNumber(level slog.Level) int {
	// Four of slog are ten of Python; the shift rounds down, below zero too.
	return (int(level) + 8) * 5 >> 1
}

// LevelName returns Python's name for a level: WARNING, where slog has WARN, and
// "Level 25" for one that has no name.
func LevelName(level slog.Level) string {
	n := LevelNumber(level)
	if name, ok := levelNames[n]; ok {
		return name
	}
	return "Level " + strconv.Itoa(n)
}

// AppendLevel appends what LevelName returns, without making a string.
func AppendLevel(dst []byte, level slog.Level) []byte {
	n := LevelNumber(level)
	if name, ok := levelNames[n]; ok {
		return append(dst, name...)
	}
	return strconv.AppendInt(append(dst, "Level "...), int64(n), 10)
}
