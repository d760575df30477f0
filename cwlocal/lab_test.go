package cwlocal_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/watchtower-go/watchtower/cwlocal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A lab is a server in memory and what tests do with it.
type lab struct {
	testing.TB
	*cwlocal.Server
}

func newLab(t testing.TB) *lab {
	t.Helper()
	s, err := cwlocal.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &lab{t, s}
}

// request makes a request of the API as clients send it, unsigned.
func request(op, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", "Logs_20140328."+op)
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	return r
}

// send returns the answer to a request.
func (l *lab) send(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	l.ServeHTTP(w, r)
	return w
}

// call returns the answer of an operation: the body, or of an error its code
// and message.
func (l *lab) call(op, body string) string {
	return outcome(l.send(request(op, body)))
}

func outcome(w *httptest.ResponseRecorder) string {
	if w.Code == http.StatusOK {
		return w.Body.String()
	}
	var e struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil {
		return fmt.Sprintf("%d %s", w.Code, w.Body)
	}
	if w.Code != http.StatusBadRequest {
		return fmt.Sprintf("%d %s: %s", w.Code, e.Type, e.Message)
	}
	return e.Type + ": " + e.Message
}

// must is call for requests that succeed.
func (l *lab) must(op, body string) string {
	l.Helper()
	w := l.send(request(op, body))
	if w.Code != http.StatusOK {
		l.Fatalf("%s %.200s: %s", op, body, outcome(w))
	}
	return w.Body.String()
}

// stream creates the group g and the stream s.
func (l *lab) stream() {
	l.Helper()
	l.must("CreateLogGroup", `{"logGroupName":"g"}`)
	l.must("CreateLogStream", `{"logGroupName":"g","logStreamName":"s"}`)
}

// event is an event in a request.
func event(time int64, message string) string {
	quoted, _ := json.Marshal(message) // a string always marshals
	return fmt.Sprintf(`{"timestamp":%d,"message":%s}`, time, quoted)
}

// put puts events into the stream s of g.
func (l *lab) put(events ...string) string {
	return l.call("PutLogEvents", `{"logGroupName":"g","logStreamName":"s","logEvents":[`+strings.Join(events, ",")+`]}`)
}

// decoded returns an answer as T.
func decoded[T any](t testing.TB, answer string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(answer), &v); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	return v
}
