package deliver

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"weak"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"
)

// ready returns a sender of which the next put takes the shortcut.
func ready(t testing.TB, client *cloudwatchlogs.Client) *Sender {
	t.Helper()
	s := New(client, Settings{Group: "g"})
	if _, err := s.Put(t.Context(), request("s")); err != nil {
		t.Fatal(err)
	}
	if !s.isShort() {
		t.Fatal("a put of the SDK's made no shortcut: has the SDK changed what it sends?")
	}
	return s
}

// isShort reports whether the next put takes the shortcut.
func (s *Sender) isShort() bool {
	return s.short != nil && s.short.form.Load() != nil && len(s.short.tails) > 0
}

// inPlaceWith returns a client like inPlace's, changed.
func inPlaceWith(h http.Handler, change func(*cloudwatchlogs.Options)) *cloudwatchlogs.Client {
	o := cloudwatchlogs.Options{
		Region: "eu-central-1", BaseEndpoint: aws.String("http://logs.test"), Credentials: testKeys, HTTPClient: bubble{h},
	}
	change(&o)
	return cloudwatchlogs.New(o)
}

// What an answer says of rejected events stands where the next answer is put.
func TestAnswerOfAShortcutIsItsOwn(t *testing.T) {
	srv := newServer().with("g/s")
	s := ready(t, inPlace(srv))
	none := Answer{TooOldEnd: -1, ExpiredEnd: -1, TooNewStart: -1, Sends: 1}
	some := Answer{TooOldEnd: 2, ExpiredEnd: -1, TooNewStart: 9, EntityErr: "InvalidEntity", Sends: 1}
	const rejected = `{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":2,"tooNewLogEventStartIndex":9},"rejectedEntityInfo":{"errorType":"InvalidEntity"}}`
	for i, step := range []struct {
		answer string
		want   Answer
	}{{rejected, some}, {`{}`, none}, {rejected, some}, {``, none}} {
		srv.before = func(w http.ResponseWriter, _ *http.Request, _ string, _ []byte) bool {
			ok(w, step.answer)
			return true
		}
		got, err := s.Put(t.Context(), request("s"))
		if err != nil || !s.isShort() {
			t.Fatalf("error %v, shortcut %v", err, s.isShort())
		}
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("answer %d:\n%s", i, diff)
		}
	}
}

// An error must be told, classified and mended in the same way, whoever made the put.
func TestShortcutFailsAsTheSDKDoes(t *testing.T) {
	cut := errors.New("connection cut")
	for name, fail := range map[string]func(http.ResponseWriter) error{
		"throttled":  func(w http.ResponseWriter) error { refuse(w, 400, "ThrottlingException"); return nil },
		"denied":     func(w http.ResponseWriter) error { refuse(w, 400, "AccessDeniedException"); return nil },
		"expired":    func(w http.ResponseWriter) error { refuse(w, 400, "ExpiredTokenException"); return nil },
		"content":    func(w http.ResponseWriter) error { refuse(w, 400, "InvalidParameterException"); return nil },
		"skew":       func(w http.ResponseWriter) error { refuse(w, 400, "RequestTimeTooSkewed"); return nil },
		"busy":       func(w http.ResponseWriter) error { headed(503, "Retry-After", "7")(w); return nil },
		"a proxy":    func(w http.ResponseWriter) error { plain(502)(w); return nil },
		"unreadable": func(w http.ResponseWriter) error { ok(w, `<html>`); return nil },
		"half": func(w http.ResponseWriter) error {
			ok(w, `{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":2},`)
			return nil
		},
		"cut":        func(http.ResponseWriter) error { return cut },
		"time is up": func(http.ResponseWriter) error { return context.DeadlineExceeded },
	} {
		t.Run(name, func(t *testing.T) {
			failing := false
			srv := newServer().with("g/s")
			next := bubble{srv}
			client := inPlaceWith(nil, func(o *cloudwatchlogs.Options) {
				o.HTTPClient = doFunc(func(r *http.Request) (*http.Response, error) {
					if !failing {
						return next.Do(r)
					}
					var err error
					answer, _ := bubble{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { err = fail(w) })}.Do(r)
					if err != nil {
						return nil, err
					}
					return answer, nil
				})
			})
			long, short := New(client, Settings{Group: "g"}), ready(t, client)
			f, spare := short.short.take() // two tails, as after two puts at once
			if _, err := short.Put(t.Context(), request("s")); err != nil || f == nil {
				t.Fatalf("form %v, error %v", f, err)
			}
			short.short.give(t.Context(), spare, new(cloudwatchlogs.PutLogEventsOutput), nil)
			failing = true
			theirs, theirErr := long.Put(t.Context(), request("s"))
			ours, err := short.Put(t.Context(), request("s"))
			if err == nil || err.Error() != theirErr.Error() {
				t.Errorf("error\n%v, the SDK's\n%v", err, theirErr)
			}
			if diff := cmp.Diff(Classify(theirErr), Classify(err)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(theirs, ours); diff != "" {
				t.Error(diff)
			}
			if short.isShort() {
				t.Error("the SDK does not make the next put")
			}
			failing = false
			want := Answer{TooOldEnd: -1, ExpiredEnd: -1, TooNewStart: -1, Sends: 1}
			for range 2 { // and the shortcut the one after that
				if got, err := short.Put(t.Context(), request("s")); err != nil || got != want || !short.isShort() {
					t.Errorf("then: %+v, error %v, shortcut %v", got, err, short.isShort())
				}
			}
		})
	}
}

// One put fails while another, which took the shortcut, is still under way.
func TestAnErrorBesideAShortcutIsNotItsOwn(t *testing.T) {
	srv := newServer().with("g/s")
	srv.before = func(w http.ResponseWriter, _ *http.Request, _ string, body []byte) bool {
		if strings.Contains(string(body), "refused") {
			refuse(w, 400, "InvalidParameterException")
			return true
		}
		return false
	}
	entered, leave := make(chan bool), make(chan bool)
	next, hold := bubble{srv}, false
	s := ready(t, inPlaceWith(nil, func(o *cloudwatchlogs.Options) {
		o.HTTPClient = doFunc(func(r *http.Request) (*http.Response, error) {
			if hold {
				hold = false
				entered <- true
				<-leave
			}
			return next.Do(r)
		})
	}))
	hold = true
	var wg sync.WaitGroup
	wg.Go(func() {
		if answer, err := s.Put(t.Context(), request("s")); err != nil || answer.Sends != 1 {
			t.Errorf("%+v, error %v", answer, err)
		}
	})
	<-entered
	if _, err := s.Put(t.Context(), Request{Stream: "s", Body: []byte(`{"refused":1}`)}); Classify(err).Kind != Invalid {
		t.Errorf("error %v", err)
	}
	leave <- true
	wg.Wait()
	if s.isShort() {
		t.Error("the SDK does not make the next put")
	}
	if _, err := s.Put(t.Context(), request("s")); err != nil || !s.isShort() {
		t.Errorf("error %v, shortcut %v", err, s.isShort())
	}
}

// A tail is kept for the next put, however long that takes; the body that went through it
// is a mebibyte.
func TestShortcutHoldsNoBody(t *testing.T) {
	s := New(inPlace(newServer().with("g/s")), Settings{Group: "g"})
	held := func() *byte {
		body := append(body("s"), bytes.Repeat([]byte(" "), 1<<20)...)
		w := weak.Make(&body[0])
		if _, err := s.Put(t.Context(), Request{Stream: "s", Body: body}); err != nil {
			t.Fatal(err)
		}
		runtime.KeepAlive(body)
		body = nil
		runtime.GC()
		return w.Value()
	}
	for _, who := range []string{"the SDK", "the shortcut"} {
		if held() != nil {
			t.Errorf("the body of a put by %s is held", who)
		}
	}
	if !s.isShort() {
		t.Error("no shortcut")
	}
}

// Who sends over HTTP finds in the context what the SDK puts there.
func TestShortcutTellsTheServiceAndTheOperation(t *testing.T) {
	next := bubble{newServer().with("g/s")}
	var told [][5]string
	s := ready(t, inPlaceWith(nil, func(o *cloudwatchlogs.Options) {
		o.HTTPClient = doFunc(func(r *http.Request) (*http.Response, error) {
			ctx := r.Context()
			told = append(told, [...]string{
				middleware.GetServiceID(ctx), middleware.GetOperationName(ctx),
				awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx), awsmiddleware.GetRegion(ctx),
			})
			return next.Do(r)
		})
	}))
	if _, err := s.Put(t.Context(), request("s")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(told[0], told[1]); diff != "" || told[0][4] != "eu-central-1" {
		t.Errorf("%v\n%s", told, diff)
	}
}

func TestShortcutEndsWithItsContext(t *testing.T) {
	s := ready(t, inPlace(newServer().with("g/s")))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Put(ctx, request("s")); Classify(err) != (Failure{Kind: Cancelled}) {
		t.Errorf("%+v of %v", Classify(err), err)
	}
}

func TestShortcutIsTakenByManyAtOnce(t *testing.T) {
	srv := newServer().with("g/s")
	client, _ := overTCP(t, srv)
	s := ready(t, client)
	var wg sync.WaitGroup
	for range 2 * maxTails {
		wg.Go(func() {
			for range 10 {
				answer, err := s.Put(t.Context(), request("s"))
				if err != nil || answer.Sends != 1 || answer.TooOldEnd != -1 {
					t.Errorf("%+v, error %v", answer, err)
				}
			}
		})
	}
	wg.Wait()
	if got := srv.count("PutLogEvents"); got != 2*maxTails*10+1 || len(s.short.tails) > maxTails {
		t.Errorf("%d puts, %d tails are kept", got, len(s.short.tails))
	}
}

// A put made by the SDK alone makes 320 allocations, of which a third are net/http's and
// a seventh the signature's.
func TestSecondPutAllocatesLittle(t *testing.T) {
	if raceEnabled {
		return
	}
	s := ready(t, clientOf(t, silent(t)))
	ctx, r := t.Context(), request("s")
	got := testing.AllocsPerRun(200, func() {
		if _, err := s.Put(ctx, r); err != nil {
			t.Error(err)
		}
	})
	if got > 170 {
		t.Errorf("%.0f allocations a put", got)
	}
}
