package cwlocal_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

const tooLarge = "413 RequestEntityTooLargeException: the request body is larger than 16777216 bytes"

// zipped returns data as gzip has it.
func zipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGzipBombTakesBoundedMemory(t *testing.T) {
	// 128 members of 16 MiB: 2 GiB of zeros in 2 MB.
	bomb := bytes.Repeat(zipped(t, make([]byte, 16<<20)), 128)
	l := newLab(t)
	r := request("PutLogEvents", "")
	r.Header.Set("Content-Encoding", "gzip")
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(bomb)), int64(len(bomb))

	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := outcome(l.send(r))
	runtime.ReadMemStats(&after)
	if got != tooLarge {
		t.Errorf("got %s", got)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 64<<20 {
		t.Errorf("%d MiB were allocated, want less than 64", took>>20)
	}
}

func TestBodiesThatCannotBeReadAreRefused(t *testing.T) {
	for _, tt := range []struct {
		name string
		edit func(*http.Request)
		want string
	}{
		{"a length that is too large", func(r *http.Request) { r.ContentLength = 1 << 40 }, tooLarge},
		{"too many bytes without a length", func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(strings.Repeat(" ", 16<<20+1))), -1
		}, tooLarge},
		{"no gzip", func(r *http.Request) {
			r.Header.Set("Content-Encoding", "gzip")
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(`{"limit": 50}`)), 13
		}, "SerializationException: the request body cannot be read: gzip: invalid header"},
		{"half a gzip", func(r *http.Request) {
			r.Header.Set("Content-Encoding", "gzip")
			half := zipped(t, []byte(`{"limit":1}`))[:20]
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(half)), int64(len(half))
		}, "SerializationException: the request body cannot be read: unexpected EOF"},
		{"two encodings", func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip, gzip") }, `415 UnsupportedMediaTypeException: Content-Encoding "gzip, gzip" is not supported: use gzip or none`},
		{"nothing but white space", func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(" ")), 1
		}, "SerializationException: the body ends where a value of type structure should be (at byte 1)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := request("DescribeLogGroups", `{}`)
			tt.edit(r)
			if got := outcome(newLab(t).send(r)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestBuffersAreNotSharedByRequests(t *testing.T) {
	l := newLab(t)
	l.must("CreateLogGroup", `{"logGroupName":"first-group","tags":{"key":"first-value"}}`)
	for range 10 {
		l.call("CreateLogGroup", `{"logGroupName":"other-group","tags":{"eky":"other-value"}}`)
	}
	if got := l.must("ListTagsLogGroup", `{"logGroupName":"first-group"}`); got != `{"tags":{"key":"first-value"}}` {
		t.Errorf("got %s", got)
	}
}

// TestHostileBodiesTakeBoundedMemory counts what the server allocates for
// requests that a client with little effort makes.
func TestHostileBodiesTakeBoundedMemory(t *testing.T) {
	nulls := `{"logGroupName":"g","logStreamName":"s","logEvents":[` + strings.Repeat("null,", 3_000_000) + `null]}`
	for _, tt := range []struct {
		name   string
		body   string
		length int64
		most   uint64 // MiB
		want   string
	}{
		{"three million events", nulls, int64(len(nulls)), 64, "InvalidParameterException: 20001 validation errors detected: Value null at 'logEvents.1.member.timestamp' failed to satisfy constraint: Member must not be null; "},
		{"a promise that is not kept", "{}", 16 << 20, 4, ""},
	} {
		l := newLab(t)
		r := request("PutLogEvents", tt.body)
		r.ContentLength = tt.length
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got := outcome(l.send(r))
		runtime.ReadMemStats(&after)
		if !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: got %.300s", tt.name, got)
		}
		if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > tt.most {
			t.Errorf("%s: %d MiB were allocated, want at most %d", tt.name, took, tt.most)
		}
	}
}
