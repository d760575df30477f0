//go:build e2e && unix

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower"
)

const (
	loggers   = 8
	perLogger = 125_000
	million   = loggers * perLogger
)

// TestMillionRecords logs a million records from eight goroutines through the
// Handler to `watchtower local --data`, a process of its own, and reads them
// back with GetLogEvents: every one once, in order, the same bytes.
func TestMillionRecords(t *testing.T) {
	s := startServer(t, "127.0.0.1:0", "--data", t.TempDir())
	h, err := watchtower.New(t.Context(), "/e2e/million", &watchtower.Options{
		EndpointURL: s.URL, Region: "us-east-1", LogStreamName: "s", WhenFull: watchtower.Block,
		OnError: func(err error) { t.Errorf("told by the handler: %v", err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	times := logMillion(t, h)
	if err := h.Close(t.Context()); err != nil {
		t.Error(err)
	}
	written := time.Since(began)
	checkLedger(t, h.Stats())

	began = time.Now()
	check := &millionCheck{times: times, seen: make([]int, loggers)}
	for e := range readStream(t, newSDK(t, s.URL), "/e2e/million", "s") {
		if err := check.event(*e.Timestamp, *e.Message); err != nil {
			t.Fatal(err)
		}
	}
	for n, seen := range check.seen {
		if seen != perLogger {
			t.Errorf("goroutine %d: %d records read, want %d", n, seen, perLogger)
		}
	}
	read := time.Since(began)
	s.Stop(t)
	t.Logf("%d records written in %v (%.0f records/s), read in %v (%.0f records/s)", million,
		written.Round(time.Millisecond), million/written.Seconds(), read.Round(time.Millisecond), million/read.Seconds())
}

// logMillion logs from all goroutines at once, and returns each record's time
// by goroutine and sequence: what is needed to make its message again.
func logMillion(t *testing.T, h slog.Handler) [][]time.Time {
	t.Helper()
	times := make([][]time.Time, loggers)
	var group sync.WaitGroup
	for n := range loggers {
		group.Go(func() {
			mine := h.WithAttrs([]slog.Attr{slog.Int("goroutine", n)})
			for seq := range perLogger {
				r := millionth(time.Now(), seq)
				times[n] = append(times[n], r.Time)
				if err := mine.Handle(context.Background(), r); err != nil {
					t.Errorf("goroutine %d, record %d: %v", n, seq, err)
					return
				}
			}
		})
	}
	group.Wait()
	return times
}

// millionth is one of the records.
func millionth(at time.Time, seq int) slog.Record {
	messages := []string{"request served", `she said "no"`, "größer 世界 🎉", "two\nlines"}
	r := slog.NewRecord(at, slog.LevelInfo, messages[seq%len(messages)], 0)
	r.AddAttrs(slog.Int("seq", seq), slog.Duration("took", time.Duration(seq)*time.Microsecond), slog.Bool("ok", seq%3 == 0))
	return r
}

// A millionCheck looks at the events one after another, as they are read.
type millionCheck struct {
	times [][]time.Time
	seen  []int // by goroutine: the number of records seen, and the next sequence
	last  int64 // timestamp of the event before
}

// event checks one event: its place in the order, its time, its bytes. A
// record that is missing or there twice is out of its goroutine's sequence.
func (c *millionCheck) event(timestamp int64, message string) error {
	var key struct{ Goroutine, Seq int }
	if err := json.Unmarshal([]byte(message), &key); err != nil || key.Goroutine >= len(c.seen) {
		return fmt.Errorf("not a record of ours: %q (%v)", message, err)
	}
	n, seq := key.Goroutine, key.Seq
	if seq != c.seen[n] {
		return fmt.Errorf("goroutine %d: record %d read where %d comes next", n, seq, c.seen[n])
	}
	c.seen[n]++
	if timestamp < c.last {
		return fmt.Errorf("goroutine %d, record %d: timestamp %d after %d", n, seq, timestamp, c.last)
	}
	c.last = timestamp
	if want := c.times[n][seq].UnixMilli(); timestamp != want {
		return fmt.Errorf("goroutine %d, record %d: timestamp %d, want %d", n, seq, timestamp, want)
	}
	if want := jsonLine(millionth(c.times[n][seq], seq), slog.Int("goroutine", n)); message != want {
		return fmt.Errorf("goroutine %d, record %d:\n got %q\nwant %q", n, seq, message, want)
	}
	return nil
}

// jsonLine is the record as the standard library's handler writes it; ours
// promises the same bytes.
func jsonLine(r slog.Record, attrs ...slog.Attr) string {
	var b bytes.Buffer
	// It cannot fail: nothing that is logged here fails to be written.
	_ = slog.NewJSONHandler(&b, nil).WithAttrs(attrs).Handle(context.Background(), r)
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// checkLedger wants all records delivered, and nothing in any other column.
func checkLedger(t *testing.T, got watchtower.Stats) {
	t.Helper()
	if got.Accepted != million || got.Delivered != million {
		t.Errorf("ledger: %d accepted, %d delivered, want %d of both", got.Accepted, got.Delivered, million)
	}
	if left := got.Recovered + got.Rejected + got.Dropped + got.Spooled + got.Pending; left != 0 {
		t.Errorf("ledger: %+v: want nothing recovered, rejected, dropped, spooled or pending", got)
	}
}
