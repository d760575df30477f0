package delivery_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

// An entityWatch notes the entity of each put that passes.
type entityWatch struct {
	http.RoundTripper
	t *testing.T

	mu   sync.Mutex
	seen []watchtower.Entity // the zero value for none
	gzip int                 // of them, in compressed bodies
}

func watchEntities(t *testing.T, s *watchtowertest.Server, opts *watchtower.Options) *entityWatch {
	w := &entityWatch{RoundTripper: watchtowertest.Transport(s.Handler()), t: t}
	opts.Client = s.Client(func(o *cloudwatchlogs.Options) { o.HTTPClient = &http.Client{Transport: w} })
	opts.LogStreamName = "s"
	return w
}

func (w *entityWatch) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".PutLogEvents") {
		w.note(r)
	}
	return w.RoundTripper.RoundTrip(r)
}

func (w *entityWatch) note(r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	body, err := r.GetBody()
	if err == nil && r.Header.Get("Content-Encoding") == "gzip" {
		w.gzip++
		body, err = gzip.NewReader(body)
	}
	if err != nil {
		w.t.Error(err)
		return
	}
	var in struct{ Entity watchtower.Entity }
	text, err := io.ReadAll(body)
	if err := errors.Join(err, json.Unmarshal(text, &in)); err != nil {
		w.t.Error(err)
	}
	w.seen = append(w.seen, in.Entity)
}

// all fails the test unless each of the puts, at least so many, had this entity.
func (w *entityWatch) all(least int, want watchtower.Entity) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.seen) < least {
		w.t.Errorf("%d puts, want %d at least", len(w.seen), least)
	}
	for _, got := range w.seen {
		if diff := cmp.Diff(want, got); diff != "" {
			w.t.Errorf("(-want +got):\n%s", diff)
		}
	}
	w.seen = nil
}

// shop is an entity of a service.
func shop(name string) *watchtower.Entity {
	return &watchtower.Entity{
		KeyAttributes: map[string]string{"Type": "Service", "Name": name, "Environment": "prod"},
		Attributes:    map[string]string{"PlatformType": "AWS::EC2"},
	}
}

func TestEntityGoesWithEveryPutAlsoOfHalves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := watchtowertest.NewServer(t)
		s.Faults().Poison("bad", -1)
		opts := watchtower.Options{Entity: shop(`"shop" é`), OnError: func(error) {}}
		w := watchEntities(t, s, &opts)
		h, err := watchtower.New(t.Context(), group, &opts)
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close(context.Background())
		for i := range 32 {
			msg := strings.Repeat("good ", 100)
			if i == 20 {
				msg = "bad"
			}
			if err := h.Put(t.Context(), watchtower.Event{Message: msg}); err != nil {
				t.Fatal(err)
			}
		}
		flush(t, h)
		if st := h.Stats(); st.Delivered != 31 || st.Rejected != 1 {
			t.Errorf("%+v", st)
		}
		if w.gzip == 0 {
			t.Error("no body was compressed")
		}
		w.all(5, *opts.Entity)
	})
}

func TestEntityOfARecordFromDiskIsThatOfTheSender(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := watchtowertest.NewServer(t)
		opts := watchtower.Options{Entity: shop("old"), SpoolDir: t.TempDir(), OnError: func(error) {}}
		w := watchEntities(t, s, &opts)
		s.Faults().Throttle("PutLogEvents", -1)
		h, err := watchtower.New(t.Context(), group, &opts)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Put(t.Context(), watchtower.Event{Message: "m"}); err != nil {
			t.Fatal(err)
		}
		out, cancel := context.WithCancel(t.Context())
		cancel()
		h.Close(out)
		w.mu.Lock()
		w.seen = nil
		w.mu.Unlock()

		s.Faults().Clear()
		opts.Entity = shop("new")
		next, err := watchtower.New(t.Context(), group, &opts)
		if err != nil {
			t.Fatal(err)
		}
		if err := next.Close(t.Context()); err != nil || next.Stats().Recovered != 1 {
			t.Errorf("%v, %+v", err, next.Stats())
		}
		w.all(1, *shop("new"))
	})
}

func TestEntityIsThatOfTheEnvironmentUnlessToldOtherwise(t *testing.T) {
	t.Setenv("OTEL_SERVICE_NAME", "checkout")
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "service.name=other,deployment.environment.name=eu%2Cprod,cloud.platform=aws_ec2")
	t.Setenv("AWS_LAMBDA_FUNCTION_NAME", "")
	environment := watchtower.Entity{
		KeyAttributes: map[string]string{"Type": "Service", "Name": "checkout", "Environment": "eu,prod"},
		Attributes:    map[string]string{"PlatformType": "AWS::EC2", "AWS.ServiceNameSource": "Instrumentation"},
	}
	for _, c := range []struct {
		opts watchtower.Options
		want watchtower.Entity
	}{
		{watchtower.Options{}, environment},
		{watchtower.Options{Entity: shop("shop")}, *shop("shop")},
		{watchtower.Options{NoEntity: true}, watchtower.Entity{}},
	} {
		s := watchtowertest.NewServer(t)
		c.opts.OnError = func(err error) { t.Errorf("told: %v", err) }
		w := watchEntities(t, s, &c.opts)
		h, err := watchtower.New(t.Context(), group, &c.opts)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Put(t.Context(), watchtower.Event{Message: "m"}); err != nil {
			t.Fatal(err)
		}
		if err := h.Close(t.Context()); err != nil {
			t.Error(err)
		}
		w.all(1, c.want)
	}
}

// told opens a handler in a bubble, has it deliver three batches, hours apart,
// and returns what OnError heard.
func told(t *testing.T, opts watchtower.Options) (heard []error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { heard = toldHere(t, opts) })
	return heard
}

func toldHere(t *testing.T, opts watchtower.Options) (heard []error) {
	t.Helper()
	s := watchtowertest.NewServer(t)
	var mu sync.Mutex
	opts.OnError = func(err error) {
		mu.Lock()
		defer mu.Unlock()
		heard = append(heard, err)
	}
	watchEntities(t, s, &opts)
	h, err := watchtower.New(t.Context(), group, &opts)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := h.Put(t.Context(), watchtower.Event{Message: "m"}); err != nil {
			t.Fatal(err)
		}
		flush(t, h)
		<-time.After(2 * time.Hour) // a failure that goes on would be told again
	}
	if err := h.Close(t.Context()); err != nil {
		t.Errorf("records are lost: %v", err)
	}
	if n := len(messages(s)); n != 3 {
		t.Errorf("%d events are stored, want 3", n)
	}
	mu.Lock()
	defer mu.Unlock()
	return heard
}

func TestRejectedEntityIsToldOnceAndLosesNothing(t *testing.T) {
	heard := told(t, watchtower.Options{Entity: shop("shop"), LogGroupClass: "INFREQUENT_ACCESS"})
	if len(heard) != 1 {
		t.Fatalf("told: %v", heard)
	}
	e, ok := errors.AsType[*watchtower.EntityError](heard[0])
	want := "the service rejects the entity (UnsupportedLogGroupType) and stores the events without it: a log group of this class takes none: set NoEntity"
	if !ok || e.ErrorType != "UnsupportedLogGroupType" || e.Err != nil || e.Error() != want {
		t.Errorf("told: %#v, %v", heard[0], heard[0])
	}
}

func TestEnvironmentThatCannotBeReadIsToldOnceAndNewSucceeds(t *testing.T) {
	t.Setenv("OTEL_SERVICE_NAME", "shop")
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=100%")
	heard := told(t, watchtower.Options{})
	if len(heard) != 1 {
		t.Fatalf("told: %v", heard)
	}
	e, ok := errors.AsType[*watchtower.EntityError](heard[0])
	if !ok || e.ErrorType != "" || e.Err == nil || !strings.Contains(e.Error(), "OTEL_RESOURCE_ATTRIBUTES is not used") {
		t.Errorf("told: %#v, %v", heard[0], heard[0])
	}
}
