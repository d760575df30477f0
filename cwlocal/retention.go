package cwlocal

import "slices"

// retentions are the days that a policy may have (API page PutRetentionPolicy).
var retentions = []int64{
	1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
}

func allowedRetention(days int64) bool { return slices.Contains(retentions, days) }

// notBefore returns the earliest timestamp that a retention leaves visible at
// the time now (milliseconds); zero days keep everything.
func notBefore(now int64, days int) int64 {
	if days == 0 {
		return 0
	}
	return now - int64(days)*day
}
