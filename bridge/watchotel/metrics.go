// Package watchotel is OpenTelemetry's door to watchtower: it shows the ledger
// of a handler as OpenTelemetry metrics, and gives records the ids of the trace
// that they belong to.
package watchotel

import (
	"context"
	"fmt"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/watchtower-go/watchtower"
)

// Scope is the name of the instrumentation scope of the metrics.
const Scope = "github.com/watchtower-go/watchtower/bridge/watchotel"

// Attributes of the metrics, in a namespace of ours, as OpenTelemetry's naming
// conventions ask for what no other metric has.
const (
	// OutcomeKey is what became of records: accepted or recovered, which came
	// in, and delivered, rejected or dropped, which went out. Of requests it is
	// succeeded or failed, of bytes delivered or lost.
	OutcomeKey = attribute.Key("watchtower.outcome")
	// ReasonKey is why records were rejected or dropped, one of the Reason
	// constants of package watchtower.
	ReasonKey = attribute.Key("watchtower.reason")
	// StateKey is where records wait: pending (in memory) or spooled (on disk).
	StateKey = attribute.Key("watchtower.state")
	// FormKey is a body before it was compressed (plain), or as it was sent
	// (wire).
	FormKey = attribute.Key("watchtower.form")
)

// Options tell [Metrics] what to add.
type Options struct {
	// Attributes are added to each figure, such as the log group's name where
	// a program has several handlers: without any they add up. If nil, none.
	Attributes []attribute.KeyValue
}

// Metrics registers the ledger of h, and of all handlers derived from it, with
// a meter provider:
//
//	watchtower.records              records by outcome (counter)
//	watchtower.record.lost          those rejected and dropped, by reason (counter)
//	watchtower.record.held          those that wait, by state (up-down counter)
//	watchtower.record.own           what the handler wrote itself, about losses (counter)
//	watchtower.record.sampled_out   what sampling left out (counter)
//	watchtower.message.size         bytes of messages by outcome (counter)
//	watchtower.possible_duplicates  events sent again after a lost answer (counter)
//	watchtower.sends                PutLogEvents requests by outcome (counter)
//	watchtower.body.size            bytes of those that succeeded, by form (counter)
//
// The figures of one collection are of the same moment, so they balance:
// records accepted and recovered are those delivered, rejected and dropped, and
// those held. A reading costs one call of Stats and nothing on the way of a
// record.
//
// stop ends it; do that before h is forgotten, since the provider holds on to
// it. opts may be nil. The error is the provider's.
func Metrics(h *watchtower.Handler, provider metric.MeterProvider, opts *Options) (stop func() error, err error) {
	if opts == nil {
		opts = new(Options)
	}
	m, err := newInstruments(provider.Meter(Scope))
	if err != nil {
		return nil, fmt.Errorf("watchotel: %w", err)
	}
	a := newAttributes(opts.Attributes)
	r, err := m.meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		m.observe(o, a, h.Stats())
		return nil
	}, m.all()...)
	if err != nil {
		return nil, fmt.Errorf("watchotel: %w", err)
	}
	return r.Unregister, nil
}

// observe reports one ledger.
func (m *instruments) observe(o metric.Observer, a *attributes, s watchtower.Stats) {
	o.ObserveInt64(m.records, s.Accepted, a.accepted)
	o.ObserveInt64(m.records, s.Recovered, a.recovered)
	o.ObserveInt64(m.records, s.Delivered, a.delivered)
	o.ObserveInt64(m.records, s.Rejected, a.rejected)
	o.ObserveInt64(m.records, s.Dropped, a.dropped)
	for reason, n := range s.Reasons {
		o.ObserveInt64(m.lost, n, a.reason(reason))
	}
	o.ObserveInt64(m.held, s.Pending, a.pending)
	o.ObserveInt64(m.held, s.Spooled, a.spooled)
	o.ObserveInt64(m.messages, s.DeliveredBytes, a.delivered)
	o.ObserveInt64(m.messages, s.LostBytes, a.lost)
	o.ObserveInt64(m.own, s.Own, a.base)
	o.ObserveInt64(m.sampled, s.SampledOut, a.base)
	o.ObserveInt64(m.duplicates, s.PossibleDuplicates, a.base)
	o.ObserveInt64(m.sends, s.Sends, a.succeeded)
	o.ObserveInt64(m.sends, s.Failures, a.failed)
	o.ObserveInt64(m.bodies, s.BodyBytes, a.plain)
	o.ObserveInt64(m.bodies, s.WireBytes, a.wire)
}
