package pyformat

import "github.com/watchtower-go/watchtower/internal/pyrecord"

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
		return pyrecord.AppendLevel(dst, r.Level)
	case "name":
		return append(dst, r.Name...)
	case "pathname":
		return append(dst, pyrecord.PathName(r.PathName)...)
	case "filename":
		return append(dst, pyrecord.FileName(r.PathName)...)
	case "module":
		return append(dst, pyrecord.Module(r.PathName)...)
	case "funcName":
		return append(dst, pyrecord.FuncName(r.Func)...)
	case "threadName":
		return append(dst, pyrecord.ThreadName...)
	case "processName":
		return append(dst, pyrecord.ProcessName...)
	case "args":
		return append(dst, "()"...)
	}
	return append(dst, "None"...)
}

func or(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}
