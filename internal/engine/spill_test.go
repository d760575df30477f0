package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/spool"
)

// A shelf is a real folder that counts syncs, which take a while, and can be full.
type shelf struct {
	syncs atomic.Int64
	takes time.Duration // a sync
	full  atomic.Bool
}

type shelved struct {
	*os.File
	s *shelf
}

func (f shelved) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (f shelved) Sync() error {
	f.s.syncs.Add(1)
	<-time.After(f.s.takes)
	return nil
}

func (f shelved) WriteAt(b []byte, at int64) (int, error) {
	if f.s.full.Load() {
		return 0, syscall.ENOSPC
	}
	return f.File.WriteAt(b, at)
}

func (s *shelf) OpenFile(name string, flag int, perm os.FileMode) (spool.File, error) {
	f, err := os.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return shelved{f, s}, nil
}

func (s *shelf) Mkdir(name string) error   { return os.Mkdir(name, 0o700) }
func (s *shelf) Remove(name string) error  { return os.Remove(name) }
func (s *shelf) SyncDir(name string) error { return nil }

func (s *shelf) ReadDir(name string) (names []string, err error) {
	entries, err := os.ReadDir(name)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, err
}

func (s *shelf) Lock(name string, create bool) (io.Closer, error) {
	return os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
}

// down is a service that is never there.
type down struct{}

func (down) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		r.Body.Close()
	}
	return nil, errors.New("down")
}

// stranded is an engine that delivers nothing and flows over to the shelf.
func stranded(t *testing.T, s *shelf, sync SyncPolicy, onLoss func(Loss)) *Engine {
	t.Helper()
	client := cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "us-east-1", HTTPClient: &http.Client{Transport: down{}},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "k", SecretAccessKey: "s"}, nil
		}),
	})
	e, err := New(Config{
		Client: client, Settings: Settings{Group: "g"}, Limits: Limits{Bytes: cwl.MaxBatchBytes, Events: cwl.MaxBatchEvents},
		FlushInterval: time.Second, Window: 4, MaxStreams: 10, Queue: Queue{Bytes: 1 << 20},
		Rewrite: Rewrite{Compose: func(ms int64, msg string) cwl.Event { return message(msg) }},
		Spool:   &Spool{Dir: t.TempDir(), FS: s, Sync: sync}, NoGapRecords: true, OnLoss: onLoss,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_ = e.Close(ctx)
	})
	return e
}

func message(text string) cwl.Event {
	fragment := fmt.Sprintf(`{"timestamp":%d,"message":"%s"}`, time.Now().UnixMilli(), text)
	return cwl.Event{Time: time.Now().UnixMilli(), Stream: "s", Fragment: []byte(fragment), Size: len(text)}
}

// With SyncAlways a sync may take milliseconds: one for each event would hold
// up the owner, and Close beyond its time.
func TestEventsThatGoToTheDiskTogetherAreSyncedTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := new(shelf)
		e := stranded(t, s, SyncAlways, nil)
		for range 5000 {
			if err := e.Put(t.Context(), []cwl.Event{message("m")}); err != nil {
				break
			}
			synctest.Wait()
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_ = e.Close(ctx)
		n := e.Counts().Spooled
		if syncs := s.syncs.Load(); n < 2000 || syncs > n/10 {
			t.Errorf("%d records went to the disk with %d syncs", n, syncs)
		}
	})
}

// Somebody deletes old files in the middle of an outage.
func TestADiskThatHasRoomAgainIsUsedInAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := new(shelf)
		e := stranded(t, s, SyncNever, nil)
		log := func() (dropped int) {
			for range 3000 {
				if e.Put(t.Context(), []cwl.Event{message(strings.Repeat("x", 1000))}) != nil {
					dropped++
				}
				<-time.After(time.Millisecond)
			}
			return dropped
		}
		s.full.Store(true)
		if log() == 0 {
			t.Fatal("not what this test is about: none was dropped")
		}
		s.full.Store(false)
		<-time.After(time.Minute)
		log()
		if n := log(); n > 0 {
			t.Errorf("%d of 3000 records were dropped although the disk has had room for a minute; %d are on it", n, e.Counts().Spooled)
		}
	})
}

// What is left when the time of Close is up goes to the disk. If that is full the
// loss says so.
func TestALossAtCloseNamesTheDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []Loss
		s := new(shelf)
		e := stranded(t, s, SyncNever, func(l Loss) { told = append(told, l) })
		if err := e.Put(t.Context(), []cwl.Event{message("m")}); err != nil {
			t.Fatal(err)
		}
		<-time.After(10 * time.Second)
		s.full.Store(true)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_ = e.Close(ctx)
		synctest.Wait()
		if len(told) != 1 || told[0].Records != 1 {
			t.Fatalf("told: %+v", told)
		}
		if d, ok := errors.AsType[*DiskError](told[0].Err); !ok || d.Kind != DiskFull {
			t.Errorf("the cause is %v", told[0].Err)
		}
	})
}
