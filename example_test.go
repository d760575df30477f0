package watchtower_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"sync"
)

// The examples of this package are tests, and they are the manual: each of the
// files example_*_test.go shows one idea. Nothing in them is set up for a test,
// because a local server stands in for AWS by way of the environment, as it
// does for any program that uses an AWS SDK.

// A local is a CloudWatch Logs on the loopback interface, for one example.
type local struct {
	// URL is its address.
	URL string

	*service
	http    *httptest.Server
	gate    sync.RWMutex // held by pause; requests pass it
	restore func()       // puts the environment back
}

// startLocal starts a server that watchtower.New finds when it looks for AWS.
func startLocal() *local {
	l := &local{service: newService()}
	l.http = httptest.NewServer(http.HandlerFunc(l.serve))
	l.URL = l.http.URL
	l.restore = setenv(map[string]string{
		"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": l.URL,
		"AWS_REGION":                       "us-east-1",
		"AWS_ACCESS_KEY_ID":                "local",
		"AWS_SECRET_ACCESS_KEY":            "local",
		"AWS_PROFILE":                      "",
		"AWS_CONFIG_FILE":                  os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE":      os.DevNull,
	})
	return l
}

// close stops the server. Handlers are closed before it.
func (l *local) close() {
	l.restore()
	l.http.Close()
}

func (l *local) serve(w http.ResponseWriter, r *http.Request) {
	l.gate.RLock()
	defer l.gate.RUnlock()
	l.ServeHTTP(w, r)
}

// pause makes requests wait, as in an outage, until resume is called.
func (l *local) pause() (resume func()) {
	l.gate.Lock()
	return l.gate.Unlock
}

// print prints the messages of a log group as they are stored, less what is
// another in every run: see steady.
func (l *local) print(group string) {
	for _, e := range l.all(group) {
		fmt.Println(steady(e.Message))
	}
}

// printStreams does so with the name of the log stream before each message.
func (l *local) printStreams(group string) {
	for _, e := range l.all(group) {
		fmt.Printf("[%s] %s\n", steady(e.Stream), steady(e.Message))
	}
}

var (
	timeAttr = regexp.MustCompile(`"time":"[^"]*",|\btime=\S+ `)
	stamp    = regexp.MustCompile(`"Timestamp":\d+`)
	date     = regexp.MustCompile(`\b\d{4}-\d\d-\d\d\b`)
)

// steady takes the time out of a message, makes the timestamp of metrics 0, and
// every date that of Go's reference time.
func steady(s string) string {
	s = stamp.ReplaceAllString(s, `"Timestamp":0`)
	return date.ReplaceAllString(timeAttr.ReplaceAllString(s, ""), "2006-01-02")
}

// setenv sets environment variables and returns what puts them back. Tests
// have t.Setenv for that; examples run when all tests have ended.
func setenv(vars map[string]string) (restore func()) {
	before := map[string]string{}
	for name := range vars {
		if value, ok := os.LookupEnv(name); ok {
			before[name] = value
		}
	}
	for name, value := range vars {
		os.Setenv(name, value)
	}
	return func() {
		for name := range vars {
			os.Unsetenv(name)
		}
		for name, value := range before {
			os.Setenv(name, value)
		}
	}
}
