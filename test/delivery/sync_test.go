package delivery_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// A handler that falls back to another looks at the error: a record that is
// dropped is told from one that stays pending.
func TestASyncRecordThatFindsNoRoomIsADropError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s := open(t, watchtower.Options{
			Sync: true, WhenFull: watchtower.Block, BlockTimeout: time.Millisecond, QueueBytes: small, ErrorReserve: -1, OnError: func(error) {},
		})
		s.Faults().Fail("", 503, -1)
		text := strings.Repeat("x", 10_000)
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() { slog.New(h).Info(text) }) // stay pending
		}
		all.Wait()
		wrong := 0
		for range 100 {
			err := h.Handle(context.Background(), slog.NewRecord(time.Now(), slog.LevelInfo, text, 0))
			if _, ok := errors.AsType[*watchtower.DropError](err); !ok {
				wrong++
			}
		}
		s.Faults().Clear()
		if wrong > 0 {
			t.Errorf("%d of 100 records that were dropped came back without a DropError: %+v", wrong, h.Stats().Reasons)
		}
	})
}

func TestASyncRecordThatStaysPendingSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s := open(t, watchtower.Options{Sync: true, BlockTimeout: time.Second, OnError: func(error) {}})
		s.Faults().Fail("", 503, -1)
		err := h.Handle(context.Background(), slog.NewRecord(time.Now(), slog.LevelInfo, "m", 0))
		pending, ok := errors.AsType[*watchtower.PendingError](err)
		if !ok || pending.Records != 1 || !errors.Is(err, context.DeadlineExceeded) ||
			err.Error() != "watchtower: 1 record is still pending: context deadline exceeded" {
			t.Errorf("%T %v", err, err)
		}
		s.Faults().Clear()
		flush(t, h)
		if n := h.Stats().Delivered; n != 1 {
			t.Errorf("%d records delivered", n)
		}
	})
}
