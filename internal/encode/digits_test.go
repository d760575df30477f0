package encode

import (
	"math"
	"strconv"
	"testing"
)

func TestAppendIntWritesWhatStrconvDoes(t *testing.T) {
	check := func(n int64) {
		if got, want := string(appendInt([]byte("x"), n)), "x"+strconv.FormatInt(n, 10); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
	}
	for n := int64(-100); n < 100_000; n++ { // all halves of four digits
		check(n)
		check(n * 10_000)
	}
	for p := int64(1); p < 1e18; p *= 10 {
		for d := int64(-2); d <= 2; d++ {
			check(p + d)
			check(9*p + d)
		}
	}
	for _, n := range []int64{math.MinInt64, math.MaxInt64, 1e16 - 1, 1e16} {
		check(n)
	}
}
