package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/watchtower-go/watchtower"
)

// leave DIR STREAM MESSAGE… makes what a process leaves in a spool that logged
// these messages while nobody answered. "! leave" is a process that lives on:
// it keeps its lock until the script ends. A message "20d TEXT" is of 20 days
// ago; "lost TEXT" one that is dropped at once, so that only the record which
// tells of it is left.
func leave(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: [!] leave DIR STREAM MESSAGE…")
	}
	if !neg {
		// In a process of its own: what this one starts at the same time, for
		// other scripts, inherits the lock for a moment.
		ts.Check(ts.Exec("leaver", args...))
		return
	}
	end, err := logIntoSpool(ts.MkAbs(args[0]), args[1], args[2:])
	ts.Check(err)
	ts.Defer(func() { ts.Check(end()) })
}

// leaveMain is the process that leaves something.
func leaveMain() {
	end, err := logIntoSpool(os.Args[1], os.Args[2], os.Args[3:])
	if err == nil {
		err = end()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// logIntoSpool logs through a handler that nobody answers. end closes it.
func logIntoSpool(dir, stream string, messages []string) (end func() error, err error) {
	nobody := "http://127.0.0.1:1"
	h, err := watchtower.New(context.Background(), "app", &watchtower.Options{
		Client: cloudwatchlogs.New(cloudwatchlogs.Options{
			BaseEndpoint: &nobody, Region: "us-east-1",
			Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""),
		}),
		LogStreamName: stream,
		SpoolDir:      dir,
		Spool:         watchtower.SpoolAlways,
		OnError:       func(error) {},
		Oversize:      watchtower.Drop,
		MaxEventBytes: 1024,
		Restamp:       true, // or records that are too old are dropped, if there is time to read them
	})
	if err != nil {
		return nil, err
	}
	for _, message := range messages {
		at := time.Now()
		if days, text, ok := strings.Cut(message, "d "); ok {
			if n, err := strconv.Atoi(days); err == nil {
				at, message = at.AddDate(0, 0, -n), text
			}
		}
		if text, ok := strings.CutPrefix(message, "lost "); ok {
			message = text + strings.Repeat(".", 1024)
		}
		err := h.Put(context.Background(), watchtower.Event{Time: at, Level: slog.LevelWarn, Message: message})
		if _, dropped := errors.AsType[*watchtower.DropError](err); err != nil && !dropped {
			return nil, err
		}
	}
	return func() error {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		err := h.Close(ctx)
		if c, ok := errors.AsType[*watchtower.CloseError](err); ok && c.Stats.Spooled+c.Stats.Reasons[watchtower.ReasonOversize] == c.Stats.Accepted {
			return nil // what was to be lost
		}
		return err
	}, nil
}

// cut DIR N takes the last N bytes off the first segment of a spool.
func cut(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: cut DIR N")
	}
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	segments, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*", "*.seg"))
	ts.Check(err)
	if len(segments) == 0 {
		ts.Fatalf("no segments in %s", args[0])
	}
	info, err := os.Stat(segments[0])
	ts.Check(err)
	ts.Check(os.Truncate(segments[0], info.Size()-n))
}

// disown DIR makes the last subfolder of a spool one of an older version, which
// did not note for whom its events were.
func disown(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: disown DIR")
	}
	locks, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*", "lock"))
	ts.Check(err)
	if len(locks) == 0 {
		ts.Fatalf("no subfolders in %s", args[0])
	}
	ts.Check(os.Truncate(locks[len(locks)-1], 0))
}
