package delivery_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
)

// An ear notes what a handler tells.
type ear struct {
	mu   sync.Mutex
	told []error
}

func (e *ear) hear(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.told = append(e.told, err)
}

// heard returns the first error of that type that was told.
func heard[E error](t *testing.T, e *ear) (found E) {
	t.Helper()
	synctest.Wait() // what is told is told by a goroutine of its own
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, err := range e.told {
		if found, ok := errors.AsType[E](err); ok {
			return found
		}
	}
	t.Fatalf("no %T was told: %v", found, e.told)
	return found
}

// wait flushes, and gives up after ten seconds.
func wait(h *watchtower.Handler) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return h.Flush(ctx)
}

func TestWhatIsMissingIsToldByName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e ear
		h, s := open(t, watchtower.Options{NoCreateLogGroup: true, LogStreamName: "here", OnError: e.hear})
		slog.New(h).Info("m")
		_ = wait(h)
		if diff := cmp.Diff(&watchtower.MissingError{LogGroupName: group}, heard[*watchtower.MissingError](t, &e)); diff != "" {
			t.Error(diff)
		}
		if err := heard[*watchtower.SendError](t, &e); err.Kind != watchtower.KindMissing || err.Failures != 1 || err.Since.IsZero() {
			t.Errorf("%+v", err)
		}
		create(t, s, "other")

		e = ear{}
		h, s = open(t, watchtower.Options{NoCreateLogStream: true, LogStreamName: "here", OnError: e.hear})
		create(t, s, "other")
		slog.New(h).Info("m")
		_ = wait(h)
		want := &watchtower.MissingError{LogGroupName: group, LogStreamName: "here"}
		if diff := cmp.Diff(want, heard[*watchtower.MissingError](t, &e)); diff != "" {
			t.Error(diff)
		}
		if !strings.Contains(want.Error(), `"here"`) {
			t.Error(want)
		}
		create(t, s, "here")
	})
}

func TestNewsOfAHandlerAreToldByType(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e ear
		h, s := open(t, watchtower.Options{LogStreamName: "{attr:a}", MaxStreams: 1, RetentionDays: 7, OnError: e.hear})
		s.Faults().DenyAccess("PutRetentionPolicy", -1)
		slog.New(h).Info("m", "a", "x")
		slog.New(h).Info("m", "a", "y")
		if err := wait(h); err != nil {
			t.Fatal(err)
		}
		if err := heard[*watchtower.OverflowError](t, &e); err.MaxStreams != 1 || err.LogStreamName != "y" {
			t.Errorf("%+v", err)
		}
		if err := heard[*watchtower.RetentionError](t, &e); err.LogGroupName != group || err.Days != 7 || err.Unwrap() == nil {
			t.Errorf("%+v", err)
		}

		e = ear{}
		h, s = open(t, watchtower.Options{OnError: e.hear})
		s.Faults().LimitEvents(256<<10, -1)
		slog.New(h).Info(strings.Repeat("x", 300<<10))
		if err := wait(h); err != nil {
			t.Fatal(err)
		}
		if err := heard[*watchtower.LimitError](t, &e); err.MaxEventBytes != 256<<10-26 || err.Unwrap() == nil {
			t.Errorf("%d, %v", err.MaxEventBytes, err)
		}
	})
}

func TestErrorOfCloseHasTheLastFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, s := open(t, watchtower.Options{})
		s.Faults().DenyAccess("PutLogEvents", -1)
		slog.New(h).Info("m")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := h.Close(ctx)
		if send, ok := errors.AsType[*watchtower.SendError](err); !ok || send.Kind != watchtower.KindDenied || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Close: %v", err)
		}
		if !strings.Contains(err.Error(), "context deadline exceeded; the last failure: ") {
			t.Errorf("Close: %v", err)
		}
	})
}

func TestSpoolThatCannotBeOpenedIsASpoolError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := watchtower.New(t.Context(), group, &watchtower.Options{Region: "eu-central-1", SpoolDir: file})
	if spool, ok := errors.AsType[*watchtower.SpoolError](err); !ok || spool.Kind != watchtower.KindSpoolOther {
		t.Errorf("New: %v", err)
	}
}

func TestARecordWithoutRoomOnDiskIsReturnedAsThat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e ear
		h, s := open(t, watchtower.Options{SpoolDir: t.TempDir(), Spool: watchtower.SpoolAlways, SpoolBytes: 16 << 20, OnError: e.hear, NoGapRecords: true})
		s.Faults().Fail("PutLogEvents", 503, 1000)
		var err error
		for i := 0; err == nil && i < 100; i++ {
			err = h.Handle(t.Context(), slog.NewRecord(time.Now(), slog.LevelInfo, strings.Repeat("x", 512<<10), 0))
		}
		if loss, ok := errors.AsType[*watchtower.DropError](err); !ok || loss.Reason != watchtower.ReasonSpoolFull {
			t.Errorf("Handle: %v", err)
		}
		if cause := heard[*watchtower.SpoolError](t, &e); cause.Kind != watchtower.KindSpoolFull {
			t.Errorf("told: %+v", cause)
		}
		s.Faults().Clear()
	})
}
