package watchtower_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// A reply is the status with which the service answers the nth put; 0 is a
// network that is down.
type reply func(n int, body string) (status int)

// replying is a transport that answers puts, one after another, whose bodies are
// not compressed.
type replying struct {
	reply reply
	most  int64 // bytes of a body for which there is time; if zero, any
	puts  int
}

func (s *replying) RoundTrip(r *http.Request) (*http.Response, error) {
	defer r.Body.Close()
	if s.most > 0 && r.ContentLength > s.most {
		if _, err := io.CopyN(io.Discard, r.Body, s.most); err != nil {
			return nil, err
		}
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	s.puts++
	switch status := s.reply(s.puts, string(body)); status {
	case 0:
		return nil, errors.New("no network")
	case http.StatusOK:
		return coded(r, status, "{}"), nil
	case http.StatusBadRequest:
		return refusal(r, "InvalidParameterException"), nil
	default:
		return answering(r, status), nil
	}
}

// leaving is a fallback that ends the goroutine it is called from, as
// testing.T.FailNow does.
type leaving struct{ slog.Handler }

func (leaving) Enabled(context.Context, slog.Level) bool { return true }

func (leaving) Handle(context.Context, slog.Record) error { runtime.Goexit(); return nil }

// Whatever becomes of an event, it gives back the room that it had in the queue.
func TestEveryEventGivesItsRoomBack(t *testing.T) {
	for name, c := range fates {
		t.Run(name, func(t *testing.T) {
			if c.opts.Spool == watchtower.SpoolAlways {
				c.opts.SpoolDir = t.TempDir()
			}
			synctest.Test(t, c.meet)
		})
	}
}

const long = 300 << 10 // bytes, of which some limits take no more than 256 KiB

// fates are what may become of events.
var fates = map[string]fate{
	"stored": {log: []string{"a", strings.Repeat("b", long)}, reply: nothingBad},
	"refused for its content": {
		log: []string{"bad" + strings.Repeat("x", long), strings.Repeat("y", long), "bad"}, reply: nothingBad,
	},
	"stored in a shorter form": {
		log: []string{"a", strings.Repeat("b", long), "c", "d"},
		reply: func(_ int, body string) int {
			if len(body) > 256<<10 {
				return http.StatusRequestEntityTooLarge
			}
			return http.StatusOK
		},
	},
	"shortened on trial when the time is up": {log: []string{strings.Repeat("x", long)}, reply: tooLargeOnce, wait: 10 * time.Second, end: true},
	"too old when it is sent again": {
		opts: watchtower.Options{Spool: watchtower.SpoolAlways},
		log:  []string{strings.Repeat("x", long)}, age: 14*24*time.Hour - time.Hour, reply: tooLargeOnce, wait: 3 * time.Hour,
	},
	"cut for a line that is slow": {log: slices.Repeat([]string{strings.Repeat("x", 1000)}, 1000), reply: nothingBad, most: 100 << 10},
	"lost to callbacks that end their goroutine": {
		opts: watchtower.Options{Fallback: leaving{}, OnError: func(error) { runtime.Goexit() }},
		log:  []string{"bad", "good", "bad"}, reply: nothingBad,
	},
	"never sent": {log: []string{"a", strings.Repeat("b", long)}, reply: func(int, string) int { return 0 }, wait: time.Minute, end: true},
}

// nothingBad refuses a batch that has something bad in it.
func nothingBad(_ int, body string) int {
	if strings.Contains(body, "bad") {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

// tooLargeOnce is a limit, and then an outage.
func tooLargeOnce(n int, _ string) int {
	if n == 1 {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusServiceUnavailable
}

// A fate is what becomes of some events.
type fate struct {
	opts  watchtower.Options
	log   []string
	age   time.Duration // of the records
	reply reply
	most  int64
	wait  time.Duration // if zero, Flush
	end   bool          // with a Close that has a second
}

// meet lets the events meet their fate in a bubble.
func (f fate) meet(t *testing.T) {
	f.opts.Client, f.opts.LogStreamName = newService().client(&replying{reply: f.reply, most: f.most}), "s"
	f.opts.NoCompression, f.opts.MaxInFlight = true, 1
	if f.opts.OnError == nil {
		f.opts.OnError = func(error) {}
	}
	h, err := watchtower.New(t.Context(), group, &f.opts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	defer h.Close(ctx)
	for _, m := range f.log {
		if err := h.Put(t.Context(), watchtower.Event{Message: m, Time: time.Now().Add(-f.age)}); err != nil {
			t.Fatal(err)
		}
	}
	if f.wait > 0 {
		time.Sleep(f.wait)
	} else if err := h.Flush(ctx); err != nil {
		t.Error(err)
	}
	if f.end {
		soon, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_ = h.Close(soon)
	}
	synctest.Wait()
	s := h.Stats()
	if n := h.QueueUsed(); n != 0 || s.Pending != 0 || s.Accepted != int64(len(f.log)) {
		t.Errorf("%d bytes of the queue are in use: %+v", n, s)
	}
}
