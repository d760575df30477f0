package engine

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/spool"
)

// A countingFS is a file system that counts fsyncs.
type countingFS struct{ syncs atomic.Int64 }

type countingFile struct {
	*os.File
	fs *countingFS
}

func (f countingFile) Sync() error { f.fs.syncs.Add(1); return nil }

func (f countingFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (c *countingFS) OpenFile(name string, flag int, perm os.FileMode) (spool.File, error) {
	f, err := os.OpenFile(name, flag, perm)
	return countingFile{f, c}, err
}

func (c *countingFS) ReadDir(name string) (names []string, err error) {
	entries, err := os.ReadDir(name)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, err
}

func (c *countingFS) Mkdir(name string) error  { return os.MkdirAll(name, 0o700) }
func (c *countingFS) Remove(name string) error { return os.Remove(name) }
func (c *countingFS) SyncDir(string) error     { return nil }

func (c *countingFS) Lock(name string, _ bool) (io.Closer, error) {
	return os.OpenFile(filepath.Clean(name), os.O_CREATE|os.O_RDWR, 0o600)
}

// Close is bounded by its context. What is left then is saved with a few fsyncs:
// with one for each record, 16 MiB of them take a disk of 5 ms several minutes.
func TestCloseSavesWithFewSyncs(t *testing.T) {
	endpoint, fsys := "http://127.0.0.1:1", &countingFS{}
	e, err := New(Config{
		Client: cloudwatchlogs.New(cloudwatchlogs.Options{
			BaseEndpoint: &endpoint, Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""),
		}),
		Settings: Settings{Group: "g"}, Limits: Limits{Bytes: 1 << 20, Events: 10_000},
		FlushInterval: time.Hour, Window: 4, MaxStreams: 10,
		Queue:   Queue{Bytes: 16 << 20},
		Spool:   &Spool{Dir: t.TempDir(), FS: fsys, Sync: SyncAlways},
		OnError: func(error) {}, OnLoss: func(Loss) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	const records = 5000
	for range records {
		ev := cwl.Event{Time: time.Now().UnixMilli(), Stream: "s", Fragment: []byte(`{"timestamp":1,"message":"m"}`), Size: 1}
		if err := e.Put(t.Context(), []cwl.Event{ev}); err != nil {
			t.Fatal(err)
		}
	}
	out, cancel := context.WithCancel(t.Context())
	cancel()
	e.Close(out)
	if n := fsys.syncs.Load(); e.Counts().Spooled != records || n > records/10 {
		t.Errorf("%d records were saved with %d fsyncs", e.Counts().Spooled, n)
	}
}
