package pyrecord

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Each attribute of a record, as Python shows it.
func TestAttributesAreThoseOfPython(t *testing.T) {
	local, id, start := time.Local, Process, Started
	time.Local, Process, Started = time.UTC, 4711, time.UnixMilli(1763669990000)
	t.Cleanup(func() { time.Local, Process, Started = local, id, start })
	r := &Record{
		Level: slog.LevelWarn, Message: "full", Time: time.UnixMilli(1763670000250),
		Source: slog.Source{File: "/src/app/disk.go", Line: 12, Function: "example.com/app.(*Disk).Check"},
	}
	var got []string
	for _, name := range Names() {
		a, err := Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(a.Of(r)))
	}
	want := []string{
		"name=root", "levelno=30", "levelname=WARNING", "pathname=/src/app/disk.go", "filename=disk.go", "module=disk", "lineno=12",
		"funcName=(*Disk).Check", "created=" + fmt.Sprint(Created(r.Time)), "asctime=2025-11-20 20:20:00,250", "msecs=250", "relativeCreated=10250",
		"thread=1", "threadName=MainThread", "taskName=<nil>", "process=4711", "processName=MainProcess", "message=full",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	r = &Record{Name: "app.db"}
	for name, want := range map[string]string{"name": "app.db", "filename": "(unknown file)", "funcName": "(unknown function)", "lineno": "0"} {
		if a, _ := Lookup(name); a.Of(r).Value.String() != want {
			t.Errorf("%s: %v", name, a.Of(r))
		}
	}
}

func TestOnlyPlacesNeedTheSource(t *testing.T) {
	var got []string
	for _, name := range Names() {
		if a, _ := Lookup(name); a.NeedsSource() {
			got = append(got, name)
		}
	}
	if diff := cmp.Diff([]string{"pathname", "filename", "module", "lineno", "funcName"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestUnknownAttributesHaveTheNearest(t *testing.T) {
	for name, want := range map[string]string{
		"levelName": "did you mean levelname?", "func_name": "did you mean funcName?", "lineNo": "did you mean lineno?",
		"tenant": "known are name levelno", "": "known are", strings.Repeat("x", 1000): "known are",
	} {
		if _, err := Lookup(name); err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 400 {
			t.Errorf("%.20s: %v", name, err)
		}
	}
}
