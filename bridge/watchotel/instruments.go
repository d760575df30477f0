package watchotel

import (
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// instruments are what one ledger is reported with.
type instruments struct {
	meter metric.Meter

	records, lost, own, sampled, duplicates, sends metric.Int64ObservableCounter
	messages, bodies                               metric.Int64ObservableCounter // in bytes
	held                                           metric.Int64ObservableUpDownCounter
}

// newInstruments makes them. Units in braces count things (UCUM annotations,
// as the semantic conventions ask for); "By" is bytes.
func newInstruments(meter metric.Meter) (*instruments, error) {
	var errs []error
	counter := func(name, unit, what string) metric.Int64ObservableCounter {
		c, err := meter.Int64ObservableCounter(name, metric.WithUnit(unit), metric.WithDescription(what))
		errs = append(errs, err)
		return c
	}
	m := &instruments{
		meter:      meter,
		records:    counter("watchtower.records", "{record}", "Log records, by what became of them."),
		lost:       counter("watchtower.record.lost", "{record}", "Log records rejected or dropped, by reason."),
		own:        counter("watchtower.record.own", "{record}", "Records that the handler wrote itself, to tell of losses."),
		sampled:    counter("watchtower.record.sampled_out", "{record}", "Log records that sampling left out; not accepted."),
		messages:   counter("watchtower.message.size", "By", "Messages of the records delivered and lost."),
		duplicates: counter("watchtower.possible_duplicates", "{event}", "Events sent again because an answer was lost."),
		sends:      counter("watchtower.sends", "{request}", "PutLogEvents requests."),
		bodies:     counter("watchtower.body.size", "By", "Bodies of the requests that succeeded."),
	}
	var err error
	m.held, err = meter.Int64ObservableUpDownCounter("watchtower.record.held",
		metric.WithUnit("{record}"), metric.WithDescription("Log records that wait to be delivered."))
	return m, errors.Join(append(errs, err)...)
}

func (m *instruments) all() []metric.Observable {
	return []metric.Observable{m.records, m.lost, m.own, m.sampled, m.messages, m.duplicates, m.sends, m.bodies, m.held}
}

// attributes are the sets of attributes, made once: only reasons are not known
// before they occur.
type attributes struct {
	given []attribute.KeyValue

	base                                              metric.MeasurementOption
	accepted, recovered, delivered, rejected, dropped metric.MeasurementOption
	lost, succeeded, failed, pending, spooled         metric.MeasurementOption
	plain, wire                                       metric.MeasurementOption
}

func newAttributes(given []attribute.KeyValue) *attributes {
	a := &attributes{given: given}
	outcome := func(name string) metric.MeasurementOption { return a.with(OutcomeKey.String(name)) }
	a.base = a.with()
	a.accepted, a.recovered = outcome("accepted"), outcome("recovered")
	a.delivered, a.rejected, a.dropped = outcome("delivered"), outcome("rejected"), outcome("dropped")
	a.lost, a.succeeded, a.failed = outcome("lost"), outcome("succeeded"), outcome("failed")
	a.pending, a.spooled = a.with(StateKey.String("pending")), a.with(StateKey.String("spooled"))
	a.plain, a.wire = a.with(FormKey.String("plain")), a.with(FormKey.String("wire"))
	return a
}

// reason is the set of records that were lost for a reason.
func (a *attributes) reason(reason string) metric.MeasurementOption {
	return a.with(ReasonKey.String(reason))
}

// with is the set of the given attributes and more.
func (a *attributes) with(more ...attribute.KeyValue) metric.MeasurementOption {
	return metric.WithAttributeSet(attribute.NewSet(append(a.given[:len(a.given):len(a.given)], more...)...))
}
