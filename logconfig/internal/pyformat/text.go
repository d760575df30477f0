package pyformat

import (
	"log/slog"
	"strconv"
	"strings"
)

// What Python puts in when it cannot find the source.
const (
	unknownFile = "(unknown file)"
	unknownFunc = "(unknown function)"
)

// missing is what a field looks like that the record does not have.
const missing = "-"

// appendText appends the value of one of Python's own text fields.
func (f *Format) appendText(dst []byte, name string, r *Record) []byte {
	switch name {
	case "message", "msg":
		return append(dst, r.Message...)
	case "asctime":
		return f.date.append(dst, r.Time)
	case "levelname":
		return appendLevel(dst, r.Level)
	case "name":
		return append(dst, r.Name...)
	case "pathname":
		return append(dst, or(r.PathName, unknownFile)...)
	case "filename":
		return append(dst, or(base(r.PathName), unknownFile)...)
	case "module":
		return append(dst, or(module(r.PathName), unknownFile)...)
	case "funcName":
		return append(dst, or(function(r.Func), unknownFunc)...)
	case "threadName":
		return append(dst, "MainThread"...)
	case "processName":
		return append(dst, "MainProcess"...)
	case "args":
		return append(dst, "()"...)
	}
	return append(dst, "None"...)
}

func appendLevel(dst []byte, level slog.Level) []byte {
	n := LevelNumber(level)
	if name, ok := levelNames[n]; ok {
		return append(dst, name...)
	}
	return strconv.AppendInt(append(dst, "Level "...), int64(n), 10)
}

func or(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}

// base is what stands after the last slash. Go's source paths have slashes on
// every system.
func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// module is the file's name without its extension; dots at its beginning
// belong to the name.
func module(path string) string {
	name := base(path)
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 || strings.Trim(name[:dot], ".") == "" {
		return name
	}
	return name[:dot]
}

// function is the name without the package: "(*Server).Serve" of
// "example.com/app/web.(*Server).Serve".
func function(name string) string {
	name = base(name)
	if _, after, ok := strings.Cut(name, "."); ok {
		return after
	}
	return name
}
