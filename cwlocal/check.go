package cwlocal

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A check collects what is wrong with the members of a request, in the words
// of the service: "2 validation errors detected: Value 'x' at 'limit' failed to
// satisfy constraint: Member must …; Value …".
type check struct {
	faults []string
	count  int
	// whole is an answer that takes the place of all others.
	whole string
}

// maxFaults bounds how many faults an answer lists; the rest is counted.
const maxFaults = 10

// A rule is the constraints of the API model on a string.
type rule struct {
	required bool
	min, max int // characters; a max of zero is none
	pattern  string
	matches  *regexp.Regexp // pattern over the whole string
	enum     []string
	// long is the answer to a string longer than max, where the service has one of its own.
	long string
}

func matching(pattern string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + pattern + `)$`) }

// err returns the answer, nil when nothing is wrong.
func (k *check) err() error {
	switch {
	case k.whole != "":
		return invalidParameter(k.whole)
	case k.count == 0:
		return nil
	}
	errors := "errors"
	if k.count == 1 {
		errors = "error"
	}
	return invalidParameter(fmt.Sprintf("%d validation %s detected: %s", k.count, errors, strings.Join(k.faults, "; ")))
}

// fault notes one. The value stands as it is shown: quoted, or null.
func (k *check) fault(value, member, constraint string) {
	if k.count++; len(k.faults) < maxFaults {
		k.faults = append(k.faults, fmt.Sprintf("Value %s at '%s' failed to satisfy constraint: %s", value, member, constraint))
	}
}

func quote(value string) string { return "'" + value + "'" }

const mustNotBeNull = "Member must not be null"

// text checks a string; v is nil when the member is absent.
func (k *check) text(member string, v *string, r *rule) {
	if v == nil {
		if r.required {
			k.fault("null", member, mustNotBeNull)
		}
		return
	}
	for _, constraint := range r.broken(*v) {
		if constraint == r.long {
			k.whole = r.long
			return
		}
		k.fault(quote(*v), member, constraint)
	}
}

// broken returns the constraints that v fails.
func (r *rule) broken(v string) []string {
	var list []string
	n := utf8.RuneCountInString(v)
	if n < r.min {
		list = append(list, "Member must have length greater than or equal to "+strconv.Itoa(r.min))
	}
	if r.max > 0 && n > r.max {
		if r.long != "" {
			return []string{r.long}
		}
		list = append(list, "Member must have length less than or equal to "+strconv.Itoa(r.max))
	}
	if r.matches != nil && !r.matches.MatchString(v) {
		list = append(list, "Member must satisfy regular expression pattern: "+r.pattern)
	}
	if r.enum != nil && !slices.Contains(r.enum, v) {
		list = append(list, "Member must satisfy enum value set: ["+strings.Join(r.enum, ", ")+"]")
	}
	return list
}

// all returns every constraint of the rule, as the service lists them for the
// members of lists and maps.
func (r *rule) all() string {
	var list []string
	if r.max > 0 {
		list = append(list, "Member must have length less than or equal to "+strconv.Itoa(r.max))
	}
	list = append(list, "Member must have length greater than or equal to "+strconv.Itoa(r.min))
	if r.matches != nil {
		list = append(list, "Member must satisfy regular expression pattern: "+r.pattern)
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// number checks a number against its bounds, both inclusive.
func (k *check) number(member string, v *int64, least, most int64) {
	if v == nil {
		return
	}
	value := quote(strconv.FormatInt(*v, 10))
	if *v < least {
		k.fault(value, member, "Member must have value greater than or equal to "+strconv.FormatInt(least, 10))
	}
	if *v > most {
		k.fault(value, member, "Member must have value less than or equal to "+strconv.FormatInt(most, 10))
	}
}

// present checks that a member that is required is there.
func (k *check) present(member string, ok bool) {
	if !ok {
		k.fault("null", member, mustNotBeNull)
	}
}

// length checks how many elements a list or map has. A limit of zero is none.
func (k *check) length(value, member string, n, least, most int) {
	if n < least {
		k.fault(value, member, "Member must have length greater than or equal to "+strconv.Itoa(least))
	}
	if most > 0 && n > most {
		k.fault(value, member, "Member must have length less than or equal to "+strconv.Itoa(most))
	}
}

// list checks a list of strings; v is nil when the member is absent.
func (k *check) list(member string, v []string, least, most int, each *rule) {
	if v == nil {
		return
	}
	value := quote("[" + strings.Join(v, ", ") + "]")
	k.length(value, member, len(v), least, most)
	if slices.ContainsFunc(v, func(s string) bool { return len(each.broken(s)) > 0 }) {
		k.fault(value, member, "Member must satisfy constraint: "+each.all())
	}
}

// tags checks a map of tags; v is nil when the member is absent.
func (k *check) tags(member string, v map[string]string) {
	if v == nil {
		return
	}
	pairs := make([]string, 0, len(v))
	badKey, badValue := false, false
	for _, key := range slices.Sorted(maps.Keys(v)) {
		pairs = append(pairs, key+"="+v[key])
		badKey = badKey || len(tagKey.broken(key)) > 0
		badValue = badValue || len(tagValue.broken(v[key])) > 0
	}
	value := quote("{" + strings.Join(pairs, ", ") + "}")
	k.length(value, member, len(v), 1, maxTags)
	if badKey {
		k.fault(value, member, "Map keys must satisfy constraint: "+tagKey.all())
	}
	if badValue {
		k.fault(value, member, "Map value must satisfy constraint: "+tagValue.all())
	}
}
