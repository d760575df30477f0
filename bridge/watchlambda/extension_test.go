package watchlambda_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/watchtower-go/watchtower/bridge/watchlambda"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// extensionsAPI is one whose next is answered by the test.
func extensionsAPI(t *testing.T, next http.HandlerFunc) (reports <-chan string) {
	t.Helper()
	posted := make(chan string, 10)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /2020-01-01/extension/register", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("Lambda-Extension-Name") != "watchtower" || string(body) != `{"events":["INVOKE"]}` {
			t.Errorf("registers as %q with %s", r.Header.Get("Lambda-Extension-Name"), body)
		}
		w.Header().Set("Lambda-Extension-Identifier", "17")
	})
	mux.HandleFunc("GET /2020-01-01/extension/event/next", func(w http.ResponseWriter, r *http.Request) {
		if id := r.Header.Get("Lambda-Extension-Identifier"); id != "17" {
			t.Errorf("asks for the next event as %q", id)
		}
		next(w, r)
	})
	mux.HandleFunc("POST /2020-01-01/extension/", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		posted <- r.URL.Path + " " + string(body)
		w.WriteHeader(http.StatusAccepted)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	t.Setenv("AWS_LAMBDA_RUNTIME_API", strings.TrimPrefix(server.URL, "http://"))
	return posted
}

// A function that has left its flush to the extension is not let down by it.
func TestEndingExtensionFlushesWhatWasLeftToIt(t *testing.T) {
	asked, answer := make(chan bool, 10), make(chan int)
	reports := extensionsAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		asked <- true
		w.WriteHeader(<-answer)
	})
	logs := watchtowertest.NewServer(t)
	h := newHandler(t, logs, "g")
	told := make(chan error, 10)
	f := watchlambda.Extension(t.Context(), h, func() { slog.New(h).Info("hello") },
		&watchlambda.Options{OnError: func(err error) { told <- err }})
	<-asked
	invoke := func(id string) {
		ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: id})
		if _, err := f.Invoke(ctx, []byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	invoke("1")
	if n := h.Stats().Pending; n != 1 || !f.Stats().Extension {
		t.Errorf("%d records are pending, want 1: the extension is to flush them", n)
	}
	answer <- http.StatusInternalServerError
	if err := <-told; !strings.Contains(err.Error(), "the extension has ended") {
		t.Errorf("told %v", err)
	}
	if report := <-reports; !strings.HasPrefix(report, `/2020-01-01/extension/init/error {"errorMessage":"extensions API, event/next: 500`) {
		t.Errorf("reported %s", report)
	}
	if n := len(logs.Events("g")); n != 1 {
		t.Errorf("%d events are stored, want 1", n)
	}
	invoke("2")
	if n := len(logs.Events("g")); n != 2 || f.Stats().Extension {
		t.Errorf("%d events are stored, want 2: the function is to flush by itself", n)
	}
}

// An event that the function never sees, as when aws-lambda-go cannot read it,
// does not hold up the environment beyond its deadline.
func TestExtensionWaitsNoLongerThanTheDeadline(t *testing.T) {
	events := []string{`{"eventType":"INVOKE","requestId":"1","deadlineMs":1700000000000}`, `{"eventType":"SHUTDOWN"}`}
	served := make(chan bool)
	reports := extensionsAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, events[0])
		if events = events[1:]; len(events) == 0 {
			close(served)
		}
	})
	logs := watchtowertest.NewServer(t)
	h := newHandler(t, logs, "g")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	watchlambda.Extension(ctx, h, func() {}, nil)
	<-served
	select {
	case report := <-reports:
		t.Errorf("reported %s", report)
	default:
	}
}

func TestExtensionEndsWithItsContext(t *testing.T) {
	asked := make(chan bool, 1)
	extensionsAPI(t, func(_ http.ResponseWriter, r *http.Request) {
		asked <- true
		<-r.Context().Done()
	})
	logs := watchtowertest.NewServer(t)
	h := newHandler(t, logs, "g")
	slog.New(h).Info("hello")
	ctx, cancel := context.WithCancel(t.Context())
	f := watchlambda.Extension(ctx, h, func() {}, &watchlambda.Options{OnError: func(err error) { t.Errorf("told %v", err) }})
	<-asked
	cancel() // goleak sees whether it has an effect
	if _, err := f.Invoke(t.Context(), []byte("{}")); err != nil {
		t.Fatal(err)
	}
}

// Lambda waits for the extension. So it has to hear of the end of each invocation,
// also if the handler panics and somebody recovers, and if an id comes again, as it does
// when Lambda repeats an asynchronous invocation that has failed.
func TestExtensionDoesNotWaitForWhatIsOver(t *testing.T) {
	asked, events := make(chan bool, 10), make(chan string)
	extensionsAPI(t, func(w http.ResponseWriter, r *http.Request) {
		asked <- true
		select {
		case id := <-events:
			fmt.Fprintf(w, `{"eventType":"INVOKE","requestId":%q,"deadlineMs":%d}`, id, time.Now().Add(time.Hour).UnixMilli())
		case <-r.Context().Done():
		}
	})
	logs := watchtowertest.NewServer(t)
	h := newHandler(t, logs, "g")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	f := watchlambda.Extension(ctx, h, func(do string) error {
		slog.New(h).Info("hello")
		if do == "panic" {
			panic(do)
		}
		return errors.New(do)
	}, nil)
	next := func(what string) {
		t.Helper()
		select {
		case <-asked:
		case <-time.After(enough):
			t.Fatalf("the extension does not come back after %s", what)
		}
	}
	invoke := func(id, do string) {
		defer func() { recover() }()
		ctx, cancel := context.WithTimeout(lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: id}), time.Hour)
		defer cancel()
		f.Invoke(ctx, []byte(`"`+do+`"`))
	}
	next("the init phase")
	for _, c := range []struct{ id, do string }{{"1", "fail"}, {"1", "fail"}, {"1", "panic"}, {"2", "fail"}} {
		events <- c.id
		invoke(c.id, c.do)
		next(c.do + " of " + c.id)
	}
	if n := len(logs.Events("g")); n != 8 { // and what this package logs of each
		t.Errorf("%d events are stored, want 8", n)
	}
}
