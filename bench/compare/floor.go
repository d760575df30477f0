package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

// A floor is what the steps cost at the least, each done by itself with warm
// caches: ns of CPU a record.
type floor struct {
	Front, Format, Compress, SHA, Post float64
	Ratio                              float64 // of a body to what compressing leaves of it
}

// sums are of the steps together: as it is, and compressed.
func (f *floor) sums() (plain, compressed float64) {
	return f.Front + f.Format + f.SHA + f.Post, f.Front + f.Format + f.Compress + (f.SHA+f.Post)/f.Ratio
}

// measureFloor has a process of its own do it, beside a sink.
func measureFloor(ctx context.Context) (*floor, error) {
	at, stop, err := startSink(&scenario{}, environment())
	if err != nil {
		return nil, err
	}
	defer stop()
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, "floor", at.API)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("floor: %w", err)
	}
	f := new(floor)
	return f, json.Unmarshal(out, f)
}

// printFloor is that process.
func printFloor(api string) error {
	front := slog.New(deaf{})
	body, n := floorBody()
	var small bytes.Buffer
	zipper, err := gzip.NewWriterLevel(&small, gzip.BestSpeed)
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{WriteBufferSize: 64 << 10}}
	var failed error
	fresh, at := make([]byte, 0, cap(body)), floorTime.Format(time.RFC3339Nano)
	work := []func(){
		func() { logOnce(front) },
		func() { fresh = appendRecord(fresh[:0], 1, floorTime.UnixMilli(), at) },
		func() {
			small.Reset()
			zipper.Reset(&small)
			zipper.Write(body)
			failed = errors.Join(failed, zipper.Close())
		},
		func() { sha256.Sum256(body) },
		func() { failed = errors.Join(failed, post(client, api, body)) },
	}
	rounds := make([][]float64, len(work))
	for range 5 {
		for i, do := range work {
			rounds[i] = append(rounds[i], spent(do))
		}
	}
	if failed != nil {
		return failed
	}
	median := func(i int) float64 { return figureOf(rounds[i]).median }
	each := float64(n)
	return json.NewEncoder(os.Stdout).Encode(floor{
		Front: median(0), Format: median(1), Compress: median(2) / each, SHA: median(3) / each, Post: median(4) / each,
		Ratio: float64(len(body)) / float64(small.Len()),
	})
}

// spent returns the CPU time of a call, in ns, from as many as a fifth of a
// second takes.
func spent(do func()) float64 {
	calls := 0
	begin := drive.CPUSeconds()
	for took := 0.0; took < 0.2; took = drive.CPUSeconds() - begin {
		for range 1 + calls { // looking at the clock is not free: twice as many each time
			do()
		}
		calls += 1 + calls
	}
	return (drive.CPUSeconds() - begin) * 1e9 / float64(calls)
}

// deaf hears nothing, but slog does not know.
type deaf struct{}

func (deaf) Enabled(context.Context, slog.Level) bool  { return true }
func (d deaf) WithAttrs([]slog.Attr) slog.Handler      { return d }
func (d deaf) WithGroup(string) slog.Handler           { return d }
func (deaf) Handle(context.Context, slog.Record) error { return nil }

// logOnce is the usual record.
func logOnce(lg *slog.Logger) {
	lg.LogAttrs(context.Background(), slog.LevelInfo, drive.Message,
		slog.String("method", "GET"), slog.Int("status", 200), slog.Duration("took", 1000), slog.Bool("cached", true),
		slog.String("trace_id", drive.Trace(1)))
}

// floorTime is when all of it happens.
var floorTime = time.Date(2026, 11, 26, 10, 0, 0, 123456789, time.UTC)

// floorBody is a request with as many records as the service takes, and their
// number.
func floorBody() (body []byte, n int) {
	body = append(body, `{"logGroupName":"bench","logStreamName":"bench","logEvents":[`...)
	at := floorTime.Format(time.RFC3339Nano)
	for size := 0; ; n++ {
		before := len(body)
		body = append(appendRecord(body, n, floorTime.UnixMilli()+int64(n), at), ',')
		_, message, _ := bytes.Cut(body[before:], []byte(`"message":"`))
		// What the service counts has no escapes, and 26 bytes more.
		if size += len(message) - len(`"},`) - bytes.Count(message, []byte{'\\'}) + 26; size > 1<<20 {
			return append(body[:before-1], "]}"...), n
		}
	}
}

// appendRecord writes the usual record as an event, as a program would that knows
// it beforehand: it looks at each byte of a string, and at nothing else.
func appendRecord(b []byte, i int, millis int64, at string) []byte {
	b = append(b, `{"timestamp":`...)
	b = strconv.AppendInt(b, millis, 10)
	b = append(b, `,"message":"{\"time\":\"`...)
	b = append(b, at...)
	b = append(b, `\",\"level\":\"INFO\",\"msg\":\"`...)
	b = appendSafe(b, drive.Message)
	b = append(b, `\",\"method\":\"`...)
	b = appendSafe(b, "GET")
	b = append(b, `\",\"status\":`...)
	b = strconv.AppendInt(b, int64(200+i%7), 10)
	b = append(b, `,\"took\":`...)
	b = strconv.AppendInt(b, int64(time.Duration(i%1_000_003)*1000), 10)
	b = append(b, `,\"cached\":`...)
	b = strconv.AppendBool(b, i%3 == 0)
	b = append(b, `,\"trace_id\":\"`...)
	b = appendSafe(b, drive.Trace(i))
	return append(b, `\"}"}`...)
}

// appendSafe is for strings that need no escape, which it has to see first.
func appendSafe(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return strconv.AppendQuote(slices.Clip(b), s)
		}
	}
	return append(b, s...)
}

// post sends a body, as unsigned as the sink takes it.
func post(client *http.Client, api string, body []byte) error {
	r, err := http.NewRequest(http.MethodPost, api, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("X-Amz-Target", "Logs_20140328.PutLogEvents")
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}
