package drive

import (
	"math"
	"testing"
	"time"
)

func TestQuantilesAreRightToTwoPartsInAThousand(t *testing.T) {
	var a, b waits
	for i := range 100_000 { // 0 to 10 s, in an order that does not matter
		d := time.Duration(i) * 100 * time.Microsecond
		if i%3 == 0 {
			a.add(d)
		} else {
			b.add(d)
		}
	}
	a.join(&b)
	for _, q := range []float64{0, 0.001, 0.5, 0.99, 0.999} {
		if got, want := a.quantile(q), q*1e10; math.Abs(got-want) > 0.002*want+1e5 {
			t.Errorf("quantile %v is %v, not %v", q, got, want)
		}
	}
	if a.n != 100_000 || a.longest != 99_999*100*time.Microsecond {
		t.Errorf("%d calls, the longest %v", a.n, a.longest)
	}
}

func TestEachLengthOfACallHasItsPlace(t *testing.T) {
	last := -1
	for ns := 1.0; ns < 1e13; ns *= 1.001 {
		p := place(time.Duration(ns))
		if p < last || p >= len((&waits{}).counts) {
			t.Fatalf("%v ns are at %d, behind %d", ns, p, last)
		}
		if v := math.Floor(ns); v < 1<<40 && math.Abs(at(p)-v) > 0.002*v {
			t.Fatalf("%v ns are at %d, which is %v", v, p, at(p))
		}
		last = p
	}
}
