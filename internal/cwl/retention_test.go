package cwl

import (
	"slices"
	"testing"
)

func TestEveryListedRetentionIsAllowed(t *testing.T) {
	if !slices.IsSorted(RetentionDays) {
		t.Fatal("RetentionDays is not ascending, as the search needs it")
	}
	if n := len(RetentionDays); n != 22 {
		t.Errorf("%d retentions listed, PutRetentionPolicy has 22", n)
	}
	for _, days := range RetentionDays {
		if err := ValidateRetention(days); err != nil {
			t.Error(err)
		}
	}
}

func TestRetentionErrorsNameTheNearestAllowed(t *testing.T) {
	const allowed = " (allowed are 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 and 3653)"
	cases := []struct {
		days int
		want string
	}{
		{4, "retention of 4 days is not allowed: nearest are 3 and 5" + allowed},
		{2, "retention of 2 days is not allowed: nearest are 1 and 3" + allowed},
		{364, "retention of 364 days is not allowed: nearest are 180 and 365" + allowed},
		{3652, "retention of 3652 days is not allowed: nearest are 3288 and 3653" + allowed},
		{3654, "retention of 3654 days is not allowed: the longest is 3653 days; leave it unset to keep events for ever"},
		{0, "retention of 0 days is not allowed: the shortest is 1 day; leave it unset to keep events for ever"},
		{-1, "retention of -1 days is not allowed: the shortest is 1 day; leave it unset to keep events for ever"},
	}
	for _, c := range cases {
		err := ValidateRetention(c.days)
		if err == nil || err.Error() != c.want {
			t.Errorf("%d days:\n got %v\nwant %s", c.days, err, c.want)
		}
	}
}
