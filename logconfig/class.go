package logconfig

import (
	"slices"
	"strings"
)

// class finds what a handler is.
func (d *draft) class(e entry, path string, h *handlerSpec) *class {
	if e.value.kind != mapKind {
		d.wrong(e.at, path, "has to be a mapping with a class")
		return nil
	}
	n := e.value.find("class", "()")
	if n == nil || n.kind != textKind {
		d.wrong(e.at, path, `the key "class" is missing: name one of %s`, strings.ReplaceAll(strings.Join(classNames(), ", "), " null,", ` "null" (in quotes),`))
		return nil
	}
	for i := range classes {
		if at := slices.Index(classes[i].names, n.text); at >= 0 {
			h.pythonic = at > 0
			return &classes[i]
		}
	}
	problem := unknown("handler class", n.text, classNames())
	if strings.HasSuffix(n.text, ".DjangoCloudWatchLogHandler") {
		problem = "unknown handler class " + quote(n.text) + ": it needs Django, write " + cloudWatchClass
	}
	d.wrong(n.at, joinPath(path, "class"), "%s", problem)
	return nil
}

// classNames are the names of all classes, Python's first.
func classNames() (all []string) {
	for _, c := range classes {
		all = append(all, c.names[1])
	}
	for _, c := range classes {
		all = append(all, c.names[0])
	}
	return all
}
