package cwlocal_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// BenchmarkPutOfAMebibyte handles full batches of JSON messages of 222 bytes,
// most quotes of which are escaped.
func BenchmarkPutOfAMebibyte(b *testing.B) {
	l := newLab(b)
	l.stream()
	message := `{"time":"2026-11-20T20:59:40.123Z","level":"INFO","msg":"request done in the usual way of things","route":"/cart","status":200,"took":1234567,"cached":true,"trace":"0123456789abcdef0123456789abcdef","id":12345678}`
	var events []string
	now := time.Now().UnixMilli()
	for range 1_048_576 / (len(message) + 26) {
		events = append(events, event(now, message))
	}
	body := fmt.Sprintf(`{"logGroupName":"g","logStreamName":"s","logEvents":[%s]}`, strings.Join(events, ","))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		if l.ServeHTTP(w, request("PutLogEvents", body)); w.Code != http.StatusOK {
			b.Fatal(outcome(w))
		}
	}
	b.ReportMetric(float64(len(events)), "events/op")
}
