package pyrecord

import "strings"

// What Python puts in when it cannot find the source.
const (
	unknownFile = "(unknown file)"
	unknownFunc = "(unknown function)"
)

// PathName is pathname, of a file's path.
func PathName(path string) string { return or(path, unknownFile) }

// FileName is filename: what stands after the last slash. Go's source paths have
// slashes on every system.
func FileName(path string) string { return or(base(path), unknownFile) }

// Module is module: the file's name without its extension; dots at its beginning
// belong to the name.
func Module(path string) string {
	name := base(path)
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 || strings.Trim(name[:dot], ".") == "" {
		return or(name, unknownFile)
	}
	return name[:dot]
}

// FuncName is funcName: the name without the package, as in "(*Server).Serve" of
// "example.com/app/web.(*Server).Serve".
func FuncName(name string) string {
	name = base(name)
	if _, after, ok := strings.Cut(name, "."); ok {
		name = after
	}
	return or(name, unknownFunc)
}

func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

func or(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}
