package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

// A sink takes the place of the service: it answers every request with
// success, and counts. It does as little as it can, since it shares the machine
// with what is measured; what costs more (inflating, checking) is done when
// somebody asks for the counts.
type sink struct {
	validate bool

	delay   atomic.Int64 // nanoseconds before each answer
	failing atomic.Bool  // answers 503
	conns   atomic.Int64

	mu     sync.Mutex
	counts drive.Counts
	kept   [][]byte // bodies that are looked at later
}

var eventMark = []byte(`"timestamp":`)

// ServeHTTP speaks as much of Logs_20140328 as the peers ask for.
func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := readBody(r)
	if err != nil {
		return
	}
	if d := s.delay.Load(); d > 0 {
		time.Sleep(time.Duration(d))
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	switch strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "Logs_20140328.") {
	case "PutLogEvents":
		s.put(w, r, body)
	case "DescribeLogGroups":
		io.WriteString(w, `{"logGroups":[{"logGroupName":"bench"}]}`)
	case "DescribeLogStreams":
		io.WriteString(w, `{"logStreams":[{"logStreamName":"bench","uploadSequenceToken":"1"}]}`)
	default:
		io.WriteString(w, `{}`)
	}
}

func (s *sink) put(w http.ResponseWriter, r *http.Request, body []byte) {
	if s.failing.Load() {
		s.mu.Lock()
		s.counts.Requests++
		s.counts.Refused++
		s.mu.Unlock()
		w.Header().Set("X-Amzn-ErrorType", "ServiceUnavailableException")
		w.WriteHeader(http.StatusServiceUnavailable)
		io.WriteString(w, `{"__type":"ServiceUnavailableException","message":"The service cannot complete the request."}`)
		return
	}
	zipped := r.Header.Get("Content-Encoding") == "gzip"
	events := 0
	if !zipped {
		events = bytes.Count(body, eventMark)
	}
	s.mu.Lock()
	s.counts.Requests++
	s.counts.Events += int64(events)
	s.counts.Bytes += int64(len(body))
	if zipped || s.validate {
		s.kept = append(s.kept, body)
	}
	s.mu.Unlock()
	io.WriteString(w, `{"nextSequenceToken":"1"}`)
}

// readBody reads it in one piece: its length is in the header, except for
// clients that send it in chunks.
func readBody(r *http.Request) ([]byte, error) {
	if r.ContentLength < 0 {
		return io.ReadAll(r.Body)
	}
	body := make([]byte, r.ContentLength)
	_, err := io.ReadFull(r.Body, body)
	return body, err
}

// control is how the driver and the harness speak with the sink, on a port of
// its own, so that its connections are not counted.
func (s *sink) control(w http.ResponseWriter, r *http.Request) {
	switch q := r.URL.Query(); r.URL.Path {
	case "/set":
		if d, err := time.ParseDuration(q.Get("delay")); err == nil {
			s.delay.Store(int64(d))
		}
		if fail, err := strconv.ParseBool(q.Get("fail")); err == nil {
			s.failing.Store(fail)
		}
	case "/counts":
		json.NewEncoder(w).Encode(s.settled())
	case "/arrived":
		events, err := strconv.ParseInt(q.Get("events"), 10, 64)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		json.NewEncoder(w).Encode(s.arrived(r.Context(), events, quietFor))
	default:
		http.NotFound(w, r)
	}
}

// quietFor is how long nothing arrives before nobody waits for more.
const quietFor = 5 * time.Second

// arrived waits for so many events, or until no more come. It is for peers that
// cannot say when they are done; none of these compresses, so that what is put
// off does not matter.
func (s *sink) arrived(ctx context.Context, events int64, quiet time.Duration) drive.Counts {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for last, before := time.Now(), int64(-1); ; {
		s.mu.Lock()
		c := s.counts
		s.mu.Unlock()
		if c.Events != before {
			before, last = c.Events, time.Now()
		}
		if c.Events >= events || time.Since(last) > quiet {
			return c
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return c
		}
	}
}

// settled counts what was put off.
func (s *sink) settled() drive.Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, body := range s.kept {
		plain, zipped := inflate(body)
		if zipped {
			s.counts.Events += int64(bytes.Count(plain, eventMark))
		}
		if s.validate {
			s.invalid(breach(plain, time.Now()))
		}
	}
	s.kept = nil
	c := s.counts
	c.Connections = s.conns.Load()
	return c
}

func (s *sink) invalid(err error) {
	if err != nil && len(s.counts.Invalid) < 10 {
		s.counts.Invalid = append(s.counts.Invalid, err.Error())
	}
}

// inflate returns a body as JSON, and whether it was compressed.
func inflate(body []byte) ([]byte, bool) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return body, false
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		return nil, true
	}
	return plain, true
}

// breach returns which of the service's rules for PutLogEvents a body breaks.
func breach(body []byte, now time.Time) error {
	var put struct {
		LogGroupName, LogStreamName string
		LogEvents                   []struct {
			Timestamp *int64
			Message   *string
		}
	}
	if err := json.Unmarshal(body, &put); err != nil {
		return err
	}
	if put.LogGroupName == "" || put.LogStreamName == "" {
		return errors.New("no log group or no log stream")
	}
	size, first, last := 0, int64(0), int64(0)
	for i, e := range put.LogEvents {
		if e.Timestamp == nil || e.Message == nil || *e.Message == "" {
			return fmt.Errorf("event %d: no timestamp or no message", i)
		}
		if *e.Timestamp < last {
			return fmt.Errorf("event %d: older than the one before", i)
		}
		if size, last = size+len(*e.Message)+26, *e.Timestamp; i == 0 {
			first = last
		}
	}
	if n := len(put.LogEvents); n == 0 || n > 10_000 || size > 1<<20 {
		return fmt.Errorf("a batch of %d events and %d bytes", n, size)
	}
	return misdated(first, last, now)
}

// misdated checks the first and the last timestamp of a batch, in milliseconds.
func misdated(first, last int64, now time.Time) error {
	switch {
	case last-first > (24 * time.Hour).Milliseconds():
		return fmt.Errorf("a batch of %v", time.Duration(last-first)*time.Millisecond)
	case last > now.Add(2*time.Hour).UnixMilli():
		return errors.New("an event of more than two hours ahead")
	case first < now.Add(-14*24*time.Hour).UnixMilli():
		return errors.New("an event of more than 14 days ago")
	}
	return nil
}

// An address is where a sink's process listens.
type address struct {
	API, Control string // URLs
}

// serveSink is the sink's process. It prints its address, and ends with its
// standard input.
func serveSink(validate, secure bool) error {
	api, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	control, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s := &sink{validate: validate}
	at := address{API: "http://" + api.Addr().String(), Control: "http://" + control.Addr().String()}
	if secure {
		config, err := localTLS()
		if err != nil {
			return err
		}
		at.API = "https://" + api.Addr().String()
		api = tls.NewListener(api, config)
	}
	server := &http.Server{Handler: s, ConnState: func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.conns.Add(1)
		}
	}}
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	go http.Serve(control, http.HandlerFunc(s.control))
	if err := json.NewEncoder(os.Stdout).Encode(at); err != nil {
		return err
	}
	return server.Serve(api)
}
