package watchtower_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower"
)

func TestNewNamesWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		name  string
		group string
		opts  watchtower.Options
		want  []string
	}{
		{"empty group", "", watchtower.Options{}, []string{"log group name", "512"}},
		{"long group", strings.Repeat("g", 513), watchtower.Options{}, []string{"log group name", "513"}},
		{"forbidden character in the group", "a:b", watchtower.Options{}, []string{`"a:b"`, "':'"}},
		{"reserved group", "aws/mine", watchtower.Options{}, []string{"aws/"}},
		{"unknown placeholder", "g", watchtower.Options{LogStreamName: "{machin_name}"}, []string{"LogStreamName", "{machin_name}", "{machine_name}"}},
		{"thread name", "g", watchtower.Options{LogStreamName: "{thread_name}"}, []string{"LogStreamName", "thread"}},
		{"forbidden character in the stream", "g", watchtower.Options{LogStreamName: "a*b"}, []string{"LogStreamName", "*"}},
		{"retention", "g", watchtower.Options{RetentionDays: 4}, []string{"RetentionDays", "4", "3", "5"}},
		{"class", "g", watchtower.Options{LogGroupClass: "CHEAP"}, []string{"LogGroupClass", "CHEAP", "INFREQUENT_ACCESS"}},
		{"tag", "g", watchtower.Options{Tags: map[string]string{"aws:x": "y"}}, []string{"Tags", "aws:"}},
		{"queue", "g", watchtower.Options{QueueBytes: 100}, []string{"QueueBytes", "100", "65536"}},
		{"reserve", "g", watchtower.Options{ErrorReserve: 1 << 30}, []string{"ErrorReserve", "QueueBytes", "-1 for none"}},
		{"negative", "g", watchtower.Options{MaxInFlight: -1, FlushInterval: -time.Second}, []string{"MaxInFlight", "FlushInterval"}},
		{"policy", "g", watchtower.Options{WhenFull: 99}, []string{"WhenFull", "99"}},
		{"entity", "g", watchtower.Options{Entity: &watchtower.Entity{KeyAttributes: map[string]string{"Type": "Service", "Name": "n"}}}, []string{"option Entity", "Environment is missing"}},
		{"entity and none", "g", watchtower.Options{Entity: &watchtower.Entity{}, NoEntity: true}, []string{"option NoEntity", "Entity is set"}},
		{"interval", "g", watchtower.Options{Sampling: &watchtower.Sampling{Interval: 1}}, []string{"Sampling", "1ns", "1ms"}},
		{"first", "g", watchtower.Options{Sampling: &watchtower.Sampling{First: -1}}, []string{"Sampling", "First"}},
		{"metrics as text", "g", watchtower.Options{MetricNamespace: "n", Format: watchtower.FormatText}, []string{"MetricNamespace", "FormatJSON"}},
		{"namespace", "g", watchtower.Options{MetricNamespace: ":n"}, []string{"MetricNamespace", "colon"}},
		{"namespace's letters", "g", watchtower.Options{MetricNamespace: "né"}, []string{"MetricNamespace", "'é'", "ASCII"}},
		{"enforce nothing", "g", watchtower.Options{EnforceRetention: true}, []string{"EnforceRetention", "RetentionDays"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.opts.EndpointURL = "http://127.0.0.1:1"
			h, err := watchtower.New(t.Context(), c.group, &c.opts)
			if err == nil {
				h.Close(t.Context())
				t.Fatal("no error")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error lacks %q: %v", want, err)
				}
			}
		})
	}
}

func TestAQueueThatIsTooSmallIsToldAlone(t *testing.T) {
	_, err := watchtower.New(t.Context(), "g", &watchtower.Options{EndpointURL: "http://127.0.0.1:1", QueueBytes: 100, ErrorReserve: 80})
	if err == nil || err.Error() != "watchtower: option QueueBytes: 100 is too small: at least 65536" {
		t.Error(err)
	}
}

// isolate takes the AWS configuration of this machine away.
func isolate(t *testing.T) {
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		t.Setenv(name, "")
	}
	empty := t.TempDir() + "/none"
	t.Setenv("AWS_CONFIG_FILE", empty)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", empty)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
}

func TestNewNeedsARegionUnlessTheEndpointIsGiven(t *testing.T) {
	isolate(t)
	_, err := watchtower.New(t.Context(), "g", nil)
	if err == nil || !strings.Contains(err.Error(), "AWS_REGION") {
		t.Errorf("without a region: %v", err)
	}
	h, err := watchtower.New(t.Context(), "g", &watchtower.Options{EndpointURL: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	h.Close(t.Context())
}

func TestNewReturnsAtOnceWithoutNetworkAndCredentials(t *testing.T) {
	isolate(t)
	var asked atomic.Int64
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer silent.Close()
	t.Setenv("AWS_ENDPOINT_URL", silent.URL)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "")
	t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", silent.URL)
	h, err := watchtower.New(t.Context(), "g", &watchtower.Options{Region: "eu-central-1", OnError: func(error) {}})
	if err != nil {
		t.Fatal(err)
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("New has asked %d times for what it does not need yet", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := h.Close(ctx); err == nil && h.Stats().Pending != 0 {
		t.Error("Close left records pending without a word")
	}
}
