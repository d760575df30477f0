package watchotel_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/goleak"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/bridge/watchotel"
	"github.com/watchtower-go/watchtower/watchtowertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// observed is a handler whose ledger is read through OpenTelemetry.
type observed struct {
	*watchtower.Handler
	logs     *watchtowertest.Server
	reader   *metric.ManualReader
	provider *metric.MeterProvider
	stop     func() error
}

func observe(t *testing.T, opts *watchtower.Options, more ...attribute.KeyValue) *observed {
	t.Helper()
	o := &observed{logs: watchtowertest.NewServer(t), reader: metric.NewManualReader()}
	opts.Client = o.logs.Client()
	opts.OnError = func(error) {}
	var err error
	if o.Handler, err = watchtower.New(t.Context(), "app", opts); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.Close(context.Background()) })
	o.provider = metric.NewMeterProvider(metric.WithReader(o.reader))
	o.stop, err = watchotel.Metrics(o.Handler, o.provider, &watchotel.Options{Attributes: more})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// figures returns what a collection shows, as "name{attributes}", without zeros.
func (o *observed) figures(t *testing.T) map[string]int64 {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := o.reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	figures := map[string]int64{}
	for _, scope := range all.ScopeMetrics {
		if scope.Scope.Name != watchotel.Scope {
			t.Errorf("scope %q", scope.Scope.Name)
		}
		for _, m := range scope.Metrics {
			if m.Unit == "" || m.Description == "" {
				t.Errorf("%s has no unit or no description", m.Name)
			}
			for _, p := range m.Data.(metricdata.Sum[int64]).DataPoints {
				if p.Value != 0 {
					figures[m.Name+"{"+p.Attributes.Encoded(attribute.DefaultEncoder())+"}"] = p.Value
				}
			}
		}
	}
	return figures
}

func TestFiguresAreThoseOfTheLedger(t *testing.T) {
	o := observe(t, &watchtower.Options{
		Oversize: watchtower.Drop, MaxEventBytes: 1024, Format: watchtower.FormatText,
		Sampling: &watchtower.Sampling{First: 1, Thereafter: -1},
	})
	logger := slog.New(o)
	logger.Info("a")
	logger.Info("b")
	logger.Info(strings.Repeat("long", 1000))
	logger.Info("a") // left out
	if got := o.figures(t)["watchtower.record.held{watchtower.state=pending}"]; got != 2 {
		t.Errorf("%d records pending, want 2", got)
	}
	if err := o.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := o.Stats()
	want := map[string]int64{
		"watchtower.records{watchtower.outcome=accepted}":            3,
		"watchtower.records{watchtower.outcome=delivered}":           2,
		"watchtower.records{watchtower.outcome=dropped}":             1,
		"watchtower.record.lost{watchtower.reason=message too long}": 1,
		"watchtower.message.size{watchtower.outcome=delivered}":      s.DeliveredBytes,
		"watchtower.message.size{watchtower.outcome=lost}":           s.LostBytes,
		"watchtower.record.sampled_out{}":                            1,
		"watchtower.sends{watchtower.outcome=succeeded}":             s.Sends,
		"watchtower.body.size{watchtower.form=plain}":                s.BodyBytes,
		"watchtower.body.size{watchtower.form=wire}":                 s.WireBytes,
	}
	if s.Own > 0 { // the record that tells of the loss may be on its way still
		want["watchtower.record.own{}"] = s.Own
	}
	if diff := cmp.Diff(want, o.figures(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// While records come and go, each collection balances.
func TestFiguresOfOneCollectionBalance(t *testing.T) {
	o := observe(t, &watchtower.Options{QueueBytes: 64 << 10, LogStreamName: "{attr:s}"})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 20_000 {
			slog.New(o).Info("work", "s", i%3)
		}
	}()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		f := o.figures(t)
		in := f["watchtower.records{watchtower.outcome=accepted}"] + f["watchtower.records{watchtower.outcome=recovered}"]
		lost := f["watchtower.records{watchtower.outcome=rejected}"] + f["watchtower.records{watchtower.outcome=dropped}"]
		out := f["watchtower.records{watchtower.outcome=delivered}"] + lost
		held := f["watchtower.record.held{watchtower.state=pending}"] + f["watchtower.record.held{watchtower.state=spooled}"]
		if in != out+held {
			t.Fatalf("%d came in, %d went out and %d are held", in, out, held)
		}
		if byReason := f["watchtower.record.lost{watchtower.reason=queue full}"]; byReason != lost {
			t.Fatalf("%d lost for a reason, of %d", byReason, lost)
		}
	}
}

func TestAttributesAreOnEveryFigure(t *testing.T) {
	o := observe(t, &watchtower.Options{}, attribute.String("group", "app"))
	slog.New(o).Info("a")
	figures := o.figures(t)
	if len(figures) == 0 {
		t.Error("no figures")
	}
	for name := range figures {
		if !strings.Contains(name, "group=app") {
			t.Errorf("%s does not have the attribute", name)
		}
	}
}

func TestNothingIsReadAfterStop(t *testing.T) {
	o := observe(t, &watchtower.Options{})
	slog.New(o).Info("a")
	if err := o.stop(); err != nil {
		t.Fatal(err)
	}
	if got := o.figures(t); len(got) > 0 {
		t.Errorf("figures %v", got)
	}
}

// Two handlers with nothing to tell them apart are reported as one.
func TestSeveralHandlersAddUp(t *testing.T) {
	o := observe(t, &watchtower.Options{})
	other, err := watchtower.New(t.Context(), "other", &watchtower.Options{Client: o.logs.Client()})
	if err != nil {
		t.Fatal(err)
	}
	stop, err := watchotel.Metrics(other, o.provider, nil)
	if err != nil {
		t.Fatal(err)
	}
	slog.New(o).Info("a")
	slog.New(other).Info("b")
	if err := other.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 { // closed or not, and each time anew
		if got := o.figures(t)["watchtower.records{watchtower.outcome=accepted}"]; got != 2 {
			t.Errorf("%d records accepted, want 2", got)
		}
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if got := o.figures(t)["watchtower.records{watchtower.outcome=accepted}"]; got != 1 {
		t.Errorf("%d records accepted after stop, want 1", got)
	}
}
