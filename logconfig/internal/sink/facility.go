package sink

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// facilities are those of syslog.h, by the names that SysLogHandler knows.
var facilities = map[string]int{
	"kern": 0, "user": 1, "mail": 2, "daemon": 3, "auth": 4, "syslog": 5,
	"lpr": 6, "news": 7, "uucp": 8, "cron": 9, "authpriv": 10, "ftp": 11,
	"ntp": 12, "security": 13, "console": 14, "solaris-cron": 15,
	"local0": 16, "local1": 17, "local2": 18, "local3": 19,
	"local4": 20, "local5": 21, "local6": 22, "local7": 23,
}

// facility reads a name or a number. Python's constants (LOG_LOCAL0) are names
// too.
func facility(name string) (int, error) {
	if name == "" {
		name = "user"
	}
	if n, ok := facilities[name]; ok {
		return n, nil
	}
	if _, constant, ok := strings.Cut(name, "LOG_"); ok {
		if n, ok := facilities[strings.ToLower(constant)]; ok {
			return n, nil
		}
	}
	if n, err := strconv.Atoi(name); err == nil && 0 <= n && n <= 23 {
		return n, nil
	}
	names := slices.Sorted(maps.Keys(facilities))
	return 0, fmt.Errorf("facility %q: it is a number from 0 to 23, or one of %s", name, strings.Join(names, ", "))
}

// severity is the priority of a level within its facility. A level without a
// name is a warning, as SysLogHandler has it.
func severity(level slog.Level) int {
	switch level {
	case slog.LevelDebug:
		return 7
	case slog.LevelInfo:
		return 6
	case slog.LevelError:
		return 3
	case slog.LevelError + 4:
		return 2
	}
	return 4
}
