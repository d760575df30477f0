package logconfig_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/logconfig"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// records are those of testdata/expected.py.
var records = []struct {
	logger  string
	level   slog.Level
	message string
}{
	{"root", slog.LevelDebug, "starting"},
	{"app", slog.LevelInfo, "100 % ready: é 日本"},
	{"app.db", slog.LevelDebug, "not logged: the level is INFO"},
	{"app.db", slog.LevelInfo, "connected"},
	{"app.db.pool", slog.LevelWarn, "slow\nover two lines"},
	{"django", slog.LevelInfo, "GET / 200"},
	{"django.request", slog.LevelError, "boom"},
	{"watchtower-logger", slog.LevelDebug, "below the handler's level"},
	{"watchtower-logger", slog.LevelError + 4, "the end"},
	{"other", slog.LevelError, "trailing space "},
}

// A written is what came out of a configuration; testdata/expected.json has what
// comes out of Python's logging for it.
type written struct {
	Stdout string            `json:"stdout"`
	Stderr string            `json:"stderr"`
	Files  map[string]string `json:"files"`
	Sent   [][]any           `json:"sent"` // log stream, level, message
}

func TestPythonsFilesGiveWhatPythonsLoggingGives(t *testing.T) {
	var expected map[string]written
	data, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &expected); err != nil {
		t.Fatal(err)
	}
	groups := map[string]string{"app.yaml": "AppName", "console.yaml": "AppName", "django.json": "MyLogGroupName"}
	for file, group := range groups {
		t.Run(file, func(t *testing.T) {
			config, err := filepath.Abs(filepath.Join("testdata", file))
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			synctest.Test(t, func(t *testing.T) {
				got := logAll(t, config, group)
				want := expected[file]
				for _, sent := range want.Sent {
					sent[1] = nil // the service stores no level
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("-Python +Go:\n%s", diff)
				}
			})
		})
	}
}

// logAll logs the records by a configuration.
func logAll(t *testing.T, config, group string) written {
	t.Helper()
	server := watchtowertest.NewServer(t)
	if _, err := server.Client().CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &group}); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	cfg, err := logconfig.Load(config, &logconfig.Options{
		Watchtower: func(_ string, o *watchtower.Options) { o.Client = server.Client() },
		OnError:    func(err error) { t.Error(err) },
		Stdout:     &stdout, Stderr: &stderr,
	})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now().Add(1250 * time.Millisecond)
	for i, r := range records {
		h := cfg.Handler(r.logger)
		if h.Enabled(t.Context(), r.level) {
			h.Handle(t.Context(), slog.NewRecord(at.Add(time.Duration(i)*time.Second), r.level, r.message, 0))
		}
	}
	if err := cfg.Close(context.Background()); err != nil {
		t.Error(err)
	}
	got := written{Stdout: stdout.String(), Stderr: stderr.String(), Files: map[string]string{}}
	for _, e := range server.Events(group) {
		got.Sent = append(got.Sent, []any{e.Stream, nil, e.Message})
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		got.Files[f.Name()] = string(text)
	}
	return got
}
