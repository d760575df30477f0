package watchtower_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/internal/meta"
)

// A tripper answers requests without a network.
type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A task is a handler in a task of ECS whose metadata endpoint takes its time.
type task struct {
	*watchtower.Handler
	server *service
	client *cloudwatchlogs.Client
	down   atomic.Bool // the service is

	mu   sync.Mutex
	told []error
}

const taskName = "default/e9028f8d5d8e4f258373e7b93ce9a3c3"

// taskPlace is that of a task of ECS, which is told what it is after a while.
func taskPlace(t *testing.T, after time.Duration) *meta.Place {
	t.Helper()
	answer, err := os.ReadFile("internal/meta/testdata/task-fargate.json")
	if err != nil {
		t.Fatal(err)
	}
	return &meta.Place{
		Env: func(name string) (string, bool) {
			return map[string]string{"ECS_CONTAINER_METADATA_URI_V4": "http://169.254.170.2/v4/0"}[name], true
		},
		Read: func(string) ([]byte, error) { return nil, fs.ErrNotExist },
		HTTP: tripper(func(r *http.Request) (*http.Response, error) {
			select {
			case <-r.Context().Done():
				return nil, r.Context().Err()
			case <-time.After(after):
				w := httptest.NewRecorder()
				w.Write(answer)
				return w.Result(), nil
			}
		}),
	}
}

// newTask opens a handler inside a bubble. The endpoint answers after a while.
func newTask(t *testing.T, after time.Duration, opts watchtower.Options) *task {
	t.Helper()
	at := taskPlace(t, after)
	k := &task{server: newService()}
	k.client = k.server.client(tripper(func(r *http.Request) (*http.Response, error) {
		if k.down.Load() {
			r.Body.Close()
			return nil, errors.New("no network")
		}
		return k.server.RoundTrip(r)
	}))
	opts.Client = k.client
	opts.OnError = func(err error) {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.told = append(k.told, err)
	}
	if opts.LogStreamName == "" {
		opts.LogStreamName = "{ecs.cluster}/{ecs.task_id}"
	}
	begin := time.Now()
	var err error
	if k.Handler, err = watchtower.NewAt(t.Context(), at, group, &opts); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took != 0 {
		t.Errorf("New took %v", took)
	}
	t.Cleanup(func() { k.end(t) })
	return k
}

// end closes the handler, and looks whether the ledger balances.
func (k *task) end(t *testing.T) {
	k.Close(context.Background())
	s := k.Stats()
	balance(t, s)
	if s.Pending != 0 {
		t.Errorf("%d records are pending", s.Pending)
	}
}

// streams has the number of stored events by log stream.
func (k *task) streams() map[string]int {
	all := make(map[string]int)
	for _, e := range k.server.all(group) {
		all[e.Stream]++
	}
	return all
}

// told tells what OnError heard, of metadata alone.
func (k *task) missing() (all []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, err := range k.told {
		if m, ok := errors.AsType[*watchtower.MetadataError](err); ok {
			all = append(all, m.Placeholder)
		}
	}
	return all
}

func TestRecordsWaitInTheQueueForTheNameOfTheTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newTask(t, 800*time.Millisecond, watchtower.Options{FlushInterval: 10 * time.Millisecond})
		begin := time.Now()
		for range 100 {
			slog.New(k).Info("early")
		}
		if took := time.Since(begin); took != 0 {
			t.Errorf("Handle took %v", took)
		}
		time.Sleep(500 * time.Millisecond)
		if s := k.Stats(); s.Pending != 100 || len(k.streams()) > 0 {
			t.Errorf("before the answer: %+v, %v", s, k.streams())
		}
		if err := k.Flush(t.Context()); err != nil {
			t.Error(err)
		}
		if took := time.Since(begin); took != 800*time.Millisecond {
			t.Errorf("Flush ended after %v", took)
		}
		slog.New(k).Info("late")
		k.Flush(t.Context())
		if got, want := k.streams(), map[string]int{taskName: 101}; !maps.Equal(got, want) {
			t.Errorf("streams: %v, want %v", got, want)
		}
		if st := k.Stats().Streams; len(st) != 1 || st[taskName].Delivered != 101 {
			t.Errorf("Stats.Streams: %+v", st)
		}
		if m := k.missing(); len(m) > 0 {
			t.Errorf("told: %q", m)
		}
	})
}

func TestTaskThatIsNotFoundOutIsUnknownAndTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newTask(t, time.Hour, watchtower.Options{LogStreamName: "{ecs.task_id}/{k8s.pod}"})
		begin := time.Now()
		slog.New(k).Info("early")
		k.Flush(t.Context())
		if took := time.Since(begin); took != 2*time.Second {
			t.Errorf("Flush ended after %v", took)
		}
		if got, want := k.streams(), map[string]int{"unknown/unknown": 1}; !maps.Equal(got, want) {
			t.Errorf("streams: %v, want %v", got, want)
		}
		synctest.Wait()
		if got, want := k.missing(), []string{"{k8s.pod}", "{ecs.task_id}"}; !slices.Equal(got, want) {
			t.Errorf("told: %q, want %q", got, want)
		}
	})
}

func TestFlushAndCloseDoNotWaitForTheNameLongerThanTheyMay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newTask(t, time.Hour, watchtower.Options{})
		slog.New(k).Info("early")
		begin := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if err := k.Flush(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Flush: %v", err)
		}
		err := k.Close(ctx)
		if took := time.Since(begin); took > 200*time.Millisecond {
			t.Errorf("Flush and Close took %v", took)
		}
		if e, ok := errors.AsType[*watchtower.CloseError](err); !ok || e.Stats.Dropped != 1 {
			t.Errorf("Close: %v", err)
		}
	})
}

func TestWhatIsLostBeforeTheNameIsKnownIsCountedUnderIt(t *testing.T) {
	for _, policy := range []watchtower.WhenFull{watchtower.DropNewest, watchtower.DropOldest, watchtower.DropLowestLevel} {
		t.Run(fmt.Sprint(policy), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := newTask(t, 800*time.Millisecond, watchtower.Options{QueueBytes: 64 << 10, WhenFull: policy})
				text := strings.Repeat("x", 1000)
				for range 200 {
					slog.New(k).Info(text)
				}
				balance(t, k.Stats())
				lost := k.Stats().Dropped
				if lost == 0 {
					t.Fatal("nothing is lost")
				}
				k.Flush(t.Context())
				time.Sleep(2 * time.Second)
				k.Flush(t.Context())
				st := k.Stats().Streams
				if len(st) != 1 || st[taskName].Lost != lost || st[taskName].Delivered != 200-lost {
					t.Errorf("%d lost; Stats.Streams: %+v", lost, st)
				}
				want := map[string]int{taskName: int(200 - lost + 1)} // and what tells of the gap
				if got := k.streams(); !maps.Equal(got, want) {
					t.Errorf("streams: %v, want %v", got, want)
				}
			})
		})
	}
}

func TestBlockWaitsForRoomUntilTheNameIsKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newTask(t, 800*time.Millisecond, watchtower.Options{QueueBytes: 64 << 10, WhenFull: watchtower.Block})
		text := strings.Repeat("x", 1000)
		for range 200 {
			slog.New(k).Info(text)
		}
		k.Flush(t.Context())
		if got, want := k.streams(), map[string]int{taskName: 200}; !maps.Equal(got, want) {
			t.Errorf("streams: %v, want %v", got, want)
		}
	})
}

func TestFallbackHearsTheNameAsFarAsItIsKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var streams []string
		var mu sync.Mutex
		k := newTask(t, 800*time.Millisecond, watchtower.Options{
			LogStreamName: "a/{ecs.cluster}", QueueBytes: 64 << 10, Fallback: streamsOf{&mu, &streams},
		})
		text := strings.Repeat("x", 1000)
		for range 100 {
			slog.New(k).Info(text)
		}
		k.Close(t.Context())
		mu.Lock()
		defer mu.Unlock()
		if slices.Sort(streams); len(streams) == 0 || len(slices.Compact(streams)) != 1 || streams[0] != "a/unknown" {
			t.Errorf("streams: %q", streams)
		}
	})
}

// streamsOf notes the streams of lost records.
type streamsOf struct {
	mu      *sync.Mutex
	streams *[]string
}

func (f streamsOf) Enabled(context.Context, slog.Level) bool { return true }
func (f streamsOf) WithAttrs([]slog.Attr) slog.Handler       { return f }
func (f streamsOf) WithGroup(string) slog.Handler            { return f }

func (f streamsOf) Handle(_ context.Context, r slog.Record) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "stream" {
			*f.streams = append(*f.streams, a.Value.String())
		}
		return true
	})
	return nil
}
