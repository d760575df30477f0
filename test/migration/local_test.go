package migration

import (
	"fmt"
	"net/http/httptest"
	"os"
	"regexp"
	"testing"

	"github.com/watchtower-go/watchtower/cwlocal"
)

// logs stands in for AWS, to which the environment leads handlers and clients.
// Each example has a log group of its own.
var logs *cwlocal.Server

func TestMain(m *testing.M) {
	var err error
	if logs, err = cwlocal.New(nil); err != nil {
		panic(err)
	}
	server := httptest.NewServer(logs)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_REGION": "us-east-1",
		"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_PROFILE": "",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
		"TENANT": "blue",
	} {
		os.Setenv(name, value)
	}
	os.Unsetenv("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS")
	code := m.Run()
	server.Close()
	logs.Close()
	os.Exit(code)
}

// show prints the messages of a log group as they are stored, less the time of
// records.
func show(group string) {
	for _, e := range stored(group) {
		fmt.Println(steady(e.Message))
	}
}

// showStreams does so with the log streams, in which dates are that of Go's
// reference time.
func showStreams(group string) {
	for _, e := range stored(group) {
		fmt.Printf("[%s] %s\n", date.ReplaceAllString(e.Stream, "06-01-02"), steady(e.Message))
	}
}

func stored(group string) []cwlocal.Event {
	events, err := logs.Events("", group)
	if err != nil {
		panic(err)
	}
	return events
}

var (
	date    = regexp.MustCompile(`\b\d\d-\d\d-\d\d\b`)
	varying = regexp.MustCompile(`"time":"[^"]*",|,"(?:host|remote|client|user_agent|duration_ms|request_id)":(?:"[^"]*"|[\d.]+)`)
)

func steady(s string) string { return varying.ReplaceAllString(s, "") }
