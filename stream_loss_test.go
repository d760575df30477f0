package watchtower_test

import (
	"testing"

	"github.com/watchtower-go/watchtower"
)

func TestTheLossesOfStreamsAddUpToTheLedgers(t *testing.T) {
	h, _ := open(t, watchtower.Options{})
	_ = h.Put(t.Context(), watchtower.Event{Message: ""})
	_ = h.Put(t.Context(), watchtower.Event{Message: "m"})
	flush(t, h)
	if s := h.Stats(); s.Streams["s"].Lost != s.Dropped+s.Rejected {
		t.Errorf("%d records are lost, %d of the one stream that there is", s.Dropped+s.Rejected, s.Streams["s"].Lost)
	}
}
