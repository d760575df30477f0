package cwlocal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
)

// TestConnectionsAreKept sends requests one after another down one connection:
// large pages, gzip, and refusals of every layer. Each answer says how long it
// is and leaves the connection open.
//
// (A Go SDK client opens another connection now and then all the same: when an
// answer comes before its own goroutine has noticed the end of the request's
// body. And its warning "failed to discard remaining HTTP response body … use of
// closed network connection" is a context that ended while the body was read.)
func TestConnectionsAreKept(t *testing.T) {
	s, addr, stop := listening(t, defaultTimeouts, nil)
	key := store.GroupKey{Region: "us-east-1", Name: "g"}
	events := []store.Event{{Time: 1, Message: bytes.Repeat([]byte{1}, 100_000)}} // six times as long in an answer
	if err := errors.Join(s.store.CreateGroup(store.Group{GroupKey: key}), s.store.CreateStream(key, "s", 1), s.store.Append(key, "s", 1, events)); err != nil {
		t.Fatal(err)
	}
	conn := dial(t, addr, "")
	in := bufio.NewReader(conn)
	const read = `{"logGroupName":"g","logStreamName":"s"}`
	for i, tt := range []struct {
		op, header, body string
		status           int
	}{
		{"GetLogEvents", "", read, 200},
		{"GetLogEvents", "", read, 200},
		{"FilterLogEvents", "", `{"logGroupName":"g"}`, 200},
		{"CreateLogStream", "", `{"logGroupName":"g","logStreamName":"t"}`, 200},
		{"GetLogEvents", "", `{"logGroupName":"no","logStreamName":"s"}`, 400},
		{"StartQuery", "", `{}`, 400},
		{"NoSuchThing", "", `{}`, 400},
		{"GetLogEvents", "", `{"logGroupName":`, 400},
		{"GetLogEvents", "Origin: http://evil.example\r\n", read, 403},
		{"GetLogEvents", "Content-Encoding: br\r\n", read, 415},
		{"GetLogEvents", "Content-Encoding: gzip\r\n", "no gzip", 400},
		{"GetLogEvents", "", read, 200},
	} {
		_, err := fmt.Fprintf(conn, "%sContent-Length: %d\r\n%s\r\n%s", strings.Replace(put, "DescribeLogGroups", tt.op, 1), len(tt.body), tt.header, tt.body)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatalf("request %d, %s: %v", i, tt.op, err)
		}
		n, err := io.Copy(io.Discard, answer.Body)
		if answer.StatusCode != tt.status || err != nil || answer.Close || answer.ContentLength != n {
			t.Errorf("request %d, %s: %s, %d bytes of %d, connection closed: %v, %v", i, tt.op, answer.Status, n, answer.ContentLength, answer.Close, err)
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}
