package watchtower_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// taskFields are fields of which one is found out after a while.
var taskFields = map[string]string{"task": "{ecs.cluster}:{ecs.task_id}", "service": "shop\"v1:*", "pid": "{process_id}"}

// taskID is the field task of the task's.
var taskID = strings.Replace(taskName, "/", ":", 1)

// tasks counts the stored messages by their field task; those of the library's own have none.
func (k *task) tasks(t *testing.T) map[string]int {
	t.Helper()
	all := make(map[string]int)
	for _, e := range k.server.all(group) {
		var m struct{ Msg, Task, Service string }
		if err := json.Unmarshal([]byte(e.Message), &m); err != nil {
			t.Fatalf("%v: %q", err, e.Message)
		}
		if strings.HasPrefix(m.Msg, "watchtower") {
			continue
		}
		if m.Service != taskFields["service"] {
			t.Fatalf("%q", e.Message)
		}
		all[m.Task]++
	}
	return all
}

func TestEarlyRecordsGetTheirFields(t *testing.T) {
	for name, opts := range map[string]watchtower.Options{
		"memory":         {},
		"name too":       {LogStreamName: "{ecs.task_id}"},
		"oldest dropped": {WhenFull: watchtower.DropOldest},
		"with metrics":   {MetricNamespace: "app"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if opts.LogStreamName == "" {
					opts.LogStreamName = "s"
				}
				opts.Fields = taskFields
				k := newTask(t, 800*time.Millisecond, opts)
				begin := time.Now()
				l := slog.New(k.Named("db").WithGroup("g")).With("a", 1)
				for range 100 {
					l.Info("early", "b", 2, watchtower.Metric("M", 1, ""))
				}
				if took := time.Since(begin); took != 0 {
					t.Errorf("Handle took %v", took)
				}
				k.Flush(t.Context())
				l.Info("late")
				k.Flush(t.Context())
				if got := k.tasks(t); got[taskID] != 101 || len(got) != 1 {
					t.Error(got)
				}
				if used := k.QueueUsed(); used != 0 {
					t.Errorf("%d bytes are charged for what is delivered", used)
				}
			})
		})
	}
}

func TestSpoolHasWholeFields(t *testing.T) {
	for name, opts := range map[string]watchtower.Options{
		"always":   {Spool: watchtower.SpoolAlways},
		"overflow": {QueueBytes: 64 << 10},
	} {
		t.Run(name, func(t *testing.T) {
			opts.SpoolDir, opts.Fields, opts.LogStreamName = t.TempDir(), taskFields, "s"
			synctest.Test(t, func(t *testing.T) {
				k := newTask(t, 800*time.Millisecond, opts)
				text := strings.Repeat("x", 1000)
				for range 200 {
					slog.New(k).Info(text)
				}
				k.Flush(t.Context())
				if err := k.Close(t.Context()); err != nil {
					t.Error(err)
				}
				if got := k.tasks(t); got[taskID] != 200 || len(got) != 1 {
					t.Error(got)
				}
				if used := k.QueueUsed(); used != 0 {
					t.Errorf("%d bytes are charged for what is delivered", used)
				}
			})
		})
	}
}

// What cannot be found out, and what is left when Close gives up, is "unknown".
func TestFieldsThatAreNotFoundOutAreUnknown(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		k := newTask(t, time.Hour, watchtower.Options{Fields: taskFields, LogStreamName: "s"})
		slog.New(k).Info("early")
		k.Flush(t.Context())
		synctest.Wait()
		if got := k.tasks(t); got["unknown:unknown"] != 1 || len(k.missing()) != 2 {
			t.Error(got, k.missing())
		}
		k = newTask(t, time.Hour, watchtower.Options{Fields: taskFields, LogStreamName: "s", SpoolDir: dir})
		slog.New(k).Info("early")
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		k.Close(ctx)
		next := newTask(t, 0, watchtower.Options{LogStreamName: "s", SpoolDir: dir})
		next.Close(t.Context())
		if got := next.tasks(t); got["unknown:unknown"] != 1 {
			t.Error(got, next.Stats())
		}
	})
}

// A Fallback gets whole messages as well, those that are lost before included.
func TestFallbackGetsNoHalfRecords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var lost []string
		k := newTask(t, 800*time.Millisecond, watchtower.Options{
			Fields: taskFields, LogStreamName: "s", QueueBytes: 64 << 10,
			Fallback: slog.NewJSONHandler(lines{&mu, &lost}, nil),
		})
		text := strings.Repeat("x", 1000)
		for range 100 {
			slog.New(k).Info(text)
		}
		k.Close(t.Context())
		mu.Lock()
		defer mu.Unlock()
		for _, l := range lost {
			var out struct{ Msg string }
			if json.Unmarshal([]byte(l), &out) != nil || !json.Valid([]byte(out.Msg)) || !strings.Contains(out.Msg, `"task":"unknown:unknown"`) {
				t.Errorf("…%q", l[max(0, len(l)-300):])
			}
		}
		if len(lost) == 0 {
			t.Error("nothing is lost")
		}
	})
}

type lines struct {
	mu  *sync.Mutex
	all *[]string
}

func (w lines) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	*w.all = append(*w.all, string(p))
	return len(p), nil
}

// What it takes to fill in a field is no part of the limit: messages keep to it.
func TestFieldsCountForTheLimitOfAMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newTask(t, 800*time.Millisecond, watchtower.Options{Fields: taskFields, LogStreamName: "s", MaxEventBytes: 2048})
		for n := range 60 {
			slog.New(k).Info(strings.Repeat("x", 1200+20*n))
		}
		k.Flush(t.Context())
		if got := k.tasks(t); got[taskID] != 60 {
			t.Error(got)
		}
		for _, e := range k.server.all(group) {
			if len(e.Message) > 2048 {
				t.Errorf("%d bytes", len(e.Message))
			}
		}
	})
}

func TestWrongFieldsAreErrorsOfNew(t *testing.T) {
	for _, c := range []struct {
		key, value, want string
	}{
		{"task", "{ecs.taskid}", `option Fields: "task": "{ecs.taskid}": {ecs.taskid} at character 1: unknown placeholder: did you mean {ecs.task_id}?`},
		{"tenant", "{attr:tenant}", "it is different in each record"},
		{"day", "{strftime:%F}", "it is different in each record"},
		{"", "x", "a key is empty"},
		{"level", "x", `"level" is a field of the library's`},
		{"lineno", "x", `"lineno" is a field of the library's`},
		{"x", strings.Repeat("x", 600_000), "more than half of MaxEventBytes"},
	} {
		opts := watchtower.Options{Fields: map[string]string{c.key: c.value}, RecordAttrs: []string{"lineno"}}
		_, err := watchtower.New(context.Background(), "g", &opts)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.key, err)
		}
		if err := opts.Validate("g"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: Validate: %v", c.key, err)
		}
	}
}
