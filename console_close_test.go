package watchtower_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

func TestCloseTellsOnStandardErrorHowManyRecordsWereLostInAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := toSinkWith(t, watchtower.Options{LogStreamName: "s"})
		var out strings.Builder
		h.ToldOn(&out)
		for range 3 {
			_ = h.Put(t.Context(), watchtower.Event{Message: ""})
			<-time.After(2 * time.Second)
		}
		err := h.Close(t.Context())
		lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		if len(lines) != 2 || !strings.Contains(lines[0], ": 1 record dropped (empty message)") || !strings.Contains(lines[1], "in all: 3 records dropped (empty message)") {
			t.Errorf("told: %q", lines)
		}
		if err == nil || err.Error() != "3 of 3 records were not delivered (0 rejected, 3 dropped)" {
			t.Error(err)
		}
	})
}
