package delivery_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/watchtower-go/watchtower"
)

func TestALostPartIsToldAlthoughTheLastPartWasDelivered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		told := map[string]int64{}
		h, s := open(t, watchtower.Options{
			MaxEventBytes: 1 << 10, Oversize: watchtower.Split, MaxBatchEvents: 1, NoCompression: true, NoGapRecords: true,
			OnError: func(err error) {
				if d, ok := errors.AsType[*watchtower.DropError](err); ok {
					told[d.Reason] += d.Events
				}
			},
		})
		create(t, s, "s")
		s.Faults().Fail("PutLogEvents", 400, 1) // the first part is refused for good
		if err := h.Put(t.Context(), watchtower.Event{Message: strings.Repeat("x", 2000)}); err != nil {
			t.Fatal(err)
		}
		flush(t, h)
		h.Close(context.Background())
		st := h.Stats()
		if st.Accepted != 1 || st.Rejected != 1 || st.Delivered != 0 || len(messages(s)) == 0 {
			t.Fatalf("%d parts stored: %+v", len(messages(s)), st)
		}
		if len(told) != 1 || told[watchtower.ReasonInvalid] != 1 {
			t.Errorf("OnError heard of %v, want one record refused", told)
		}
	})
}
