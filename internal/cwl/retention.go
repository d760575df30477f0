package cwl

import (
	"fmt"
	"slices"
)

// RetentionDays lists the retentions that a log group can have, in days and
// ascending (page PutRetentionPolicy). A group without one keeps its events
// for ever.
var RetentionDays = []int{
	1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731,
	1096, 1827, 2192, 2557, 2922, 3288, 3653,
}

// ValidateRetention tells why PutRetentionPolicy would refuse the number of
// days: it is none of RetentionDays. Zero is refused too; a caller to whom it
// means "for ever" asks for no retention at all.
func ValidateRetention(days int) error {
	i, found := slices.BinarySearch(RetentionDays, days)
	last := len(RetentionDays) - 1
	switch {
	case found:
		return nil
	case i == 0:
		return fmt.Errorf("retention of %d days is not allowed: the shortest is %d day; leave it unset to keep events for ever",
			days, RetentionDays[0])
	case i > last:
		return fmt.Errorf("retention of %d days is not allowed: the longest is %d days; leave it unset to keep events for ever",
			days, RetentionDays[last])
	}
	return fmt.Errorf("retention of %d days is not allowed: nearest are %d and %d (allowed are %s)",
		days, RetentionDays[i-1], RetentionDays[i], joinInts(RetentionDays))
}

// joinInts writes "1, 3, 5 and 7".
func joinInts(list []int) string {
	var b []byte
	for i, n := range list {
		switch {
		case i > 0 && i == len(list)-1:
			b = append(b, " and "...)
		case i > 0:
			b = append(b, ", "...)
		}
		b = fmt.Append(b, n)
	}
	return string(b)
}
