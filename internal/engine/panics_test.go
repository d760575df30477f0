package engine

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestPanicsThatGoOnAreToldEverMoreSeldomWithTheirNumber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		p := &panics{name: "Fallback", w: &out}
		begin := time.Now().UTC().Format(time.RFC3339)
		for i := range 800 {
			p.caught(i)
		}
		p.last()
		p.last() // nothing new
		<-time.After(time.Minute)
		p.caught("again")
		want := "watchtower: Fallback panicked: 0\n" +
			fmt.Sprintf("watchtower: Fallback panicked: 799 (800 times since %s)\n", begin) +
			fmt.Sprintf("watchtower: Fallback panicked: again (801 times since %s)\n", begin)
		if out.String() != want {
			t.Errorf("told:\n%s", out.String())
		}
	})
}
