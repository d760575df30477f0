package cwlocal

import (
	"slices"
	"strconv"
	"strings"

	"github.com/watchtower-go/watchtower/cwlocal/internal/wire"
)

// A tagFilter is one of logGroupTags in ListLogGroups.
type tagFilter struct {
	key    *string
	values []string // none: the key is enough
}

func readTagFilters(d *wire.Decoder) []tagFilter {
	list := []tagFilter{}
	ok := d.Array(func() {
		var f tagFilter
		d.Object(func(name []byte) {
			switch string(name) {
			case "key":
				f.key = d.String()
			case "values":
				f.values = d.Strings()
			default:
				d.Skip()
			}
		})
		list = append(list, f)
	})
	if !ok {
		return nil
	}
	return list
}

const tagFilterPattern = `^!?\*?([\p{L}\p{Z}\p{N}_.:/=+\-@]*)\*?$`

var (
	requiredTagKey = func() rule { r := tagKey; r.required = true; return r }()
	tagFilterValue = rule{max: 259, pattern: tagFilterPattern, matches: matching(tagFilterPattern)}
)

func checkTagFilters(k *check, list []tagFilter) {
	if list == nil {
		return
	}
	k.length(quote("["+strconv.Itoa(len(list))+" filters]"), "logGroupTags", len(list), 1, 5)
	for i, f := range list {
		path := "logGroupTags." + strconv.Itoa(i+1) + ".member."
		k.text(path+"key", f.key, &requiredTagKey)
		k.list(path+"values", f.values, 0, 5, &tagFilterValue)
	}
}

// holds reports whether the tags of a group pass. A value turned round with
// '!' also holds for groups that do not have the key.
func (f *tagFilter) holds(tags map[string]string) bool {
	has, ok := tags[*f.key]
	if len(f.values) == 0 {
		return ok
	}
	return slices.ContainsFunc(f.values, func(want string) bool {
		want, not := strings.CutPrefix(want, "!")
		return (ok && wildcard(want, has)) != not
	})
}

// wildcard compares a value with one that may have '*' at either end.
func wildcard(want, has string) bool {
	core, open := strings.CutPrefix(want, "*")
	core, end := strings.CutSuffix(core, "*")
	switch {
	case open && end:
		return strings.Contains(has, core)
	case open:
		return strings.HasSuffix(has, core)
	case end:
		return strings.HasPrefix(has, core)
	}
	return has == core
}
