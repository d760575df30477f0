package logconfig

import (
	"log/slog"
	"math"
	"strconv"
	"strings"
)

// everything is below all levels.
const everything = slog.Level(math.MinInt)

// levelNames are the names that are shown when one is wrong.
var levelNames = []string{"NOTSET", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}

// pythonLevels are Python's names, and what they mean there.
var pythonLevels = map[string]int{
	"NOTSET": 0, "DEBUG": 10, "INFO": 20, "WARN": 30, "WARNING": 30, "ERROR": 40, "FATAL": 50, "CRITICAL": 50,
}

// levelOf is a number of Python as a level of slog: 10, 20, 30 and 40 are Debug,
// Info, Warn and Error, 50 is Error+4, and what lies between lies between. As a
// threshold it lets through what Python's does, so that it is rounded up.
func levelOf(number int) slog.Level {
	if number <= 0 {
		return everything
	}
	n := (number - 20) * 2
	if n > 0 {
		return slog.Level((n + 4) / 5)
	}
	return slog.Level(n / 5) // towards zero, which is up
}

// parseLevel reads a level: a name of Python in any case, a number of Python, or
// slog's own form, as in INFO+2. NOTSET is everything.
func parseLevel(n *node) (slog.Level, bool) {
	switch n.kind {
	case intKind:
		number, err := strconv.Atoi(n.text)
		return levelOf(min(number, 1e6)), err == nil && number >= 0
	case textKind:
		if number, ok := pythonLevels[strings.ToUpper(n.text)]; ok {
			return levelOf(number), true
		}
		var l slog.Level
		if err := l.UnmarshalText([]byte(n.text)); err == nil {
			return l, true
		}
	}
	return 0, false
}
