package cwlocal

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Bounds on faults. They are far beyond what a test wants and keep the server
// within what it can represent.
const (
	maxFaultDelay = 24 * time.Hour
	maxFaultSkew  = 10 * 366 * 24 * time.Hour
)

// A faultField is a field of a [Fault] under its name in JSON.
type faultField struct {
	name  string
	value any // a pointer to it
}

// fields returns the fields of f, which alone define the names in JSON.
func (f *Fault) fields() []faultField {
	return []faultField{
		{"kind", &f.Kind},
		{"operation", &f.Operation},
		{"group", &f.Group},
		{"times", &f.Times},
		{"probability", &f.Probability},
		{"seed", &f.Seed},
		{"delay", &f.Delay},
		{"status", &f.Status},
		{"code", &f.Code},
		{"message", &f.Message},
		{"retryAfter", &f.RetryAfter},
		{"tooOld", &f.TooOld},
		{"expired", &f.Expired},
		{"tooNew", &f.TooNew},
		{"bytes", &f.Bytes},
		{"text", &f.Text},
		{"skew", &f.Skew},
	}
}

// ofEvery are the fields that every kind takes.
var ofEvery = []string{"kind", "operation", "group", "times", "probability", "seed", "delay"}

func (field faultField) empty() bool { return reflect.ValueOf(field.value).Elem().IsZero() }

// text shows the value in an error.
func (field faultField) text() string {
	switch v := reflect.ValueOf(field.value).Elem().Interface().(type) {
	case FaultKind, string:
		return fmt.Sprintf("%q", v)
	default:
		return fmt.Sprint(v)
	}
}

// A faultCheck collects what is wrong with a fault.
type faultCheck struct {
	errs    []error
	misread []string // fields of which something was told already
}

func (k *faultCheck) want(ok bool, field string, value any, remedy string) {
	if !ok && !k.told(field) {
		k.errs = append(k.errs, fmt.Errorf("%s %v: want %s", field, value, remedy))
	}
}

// told reports whether one of the fields that a text is about was misread.
func (k *faultCheck) told(fields string) bool {
	return slices.ContainsFunc(k.misread, func(name string) bool { return strings.Contains(fields, name) })
}

// validate reports everything that is wrong with the fault, each with the name
// of its field in JSON and what to do about it. Fields that were misread count
// as told.
func (f *Fault) validate(misread ...string) error {
	k := faultCheck{misread: misread}
	kind := f.kind()
	if kind == nil {
		if k.told("kind") {
			return nil // what the others mean is not known
		}
		var names []string
		for _, k := range kindsOfFaults {
			names = append(names, string(k.name))
		}
		return fmt.Errorf("kind %q: want one of %s", f.Kind, strings.Join(names, ", "))
	}
	f.checkCalls(&k, kind)
	f.checkNumbers(&k)
	f.checkNeeds(&k)
	for _, field := range f.fields() {
		if !field.empty() && !slices.Contains(ofEvery, field.name) && !slices.Contains(kind.takes, field.name) {
			k.errs = append(k.errs, fmt.Errorf("%s %s: has no meaning for kind %q: leave it out", field.name, field.text(), f.Kind))
		}
	}
	return errors.Join(k.errs...)
}

// checkCalls checks which calls are hit.
func (f *Fault) checkCalls(k *faultCheck, kind *kindOfFault) {
	op := fmt.Sprintf("%q", f.Operation)
	if kind.puts {
		k.want(f.Operation == "" || f.Operation == "PutLogEvents", "operation", op, fmt.Sprintf("PutLogEvents or none for kind %q", f.Kind))
	} else {
		query := f.Operation == "GetCallerIdentity"
		k.want(!query || !kind.early, "operation", op, fmt.Sprintf("one of CloudWatch Logs, or none, for kind %q: which one a request of STS is stands in its body. Take kind %q", f.Kind, FaultReset))
		k.want(f.Operation == "" || query || operations[f.Operation].Name != "", "operation", op, "the name of an operation, such as PutLogEvents, or none for all")
	}
	group := fmt.Sprintf("%q", f.Group)
	if kind.early {
		k.want(f.Group == "", "group", group, fmt.Sprintf("none for kind %q, which strikes before the group is known: leave it out, or take kind %q", f.Kind, FaultReset))
	} else {
		k.want(f.Group == "" || len(groupName.broken(f.Group)) == 0, "group", group, "the name of a log group, not its ARN, or none for all")
	}
	k.want(f.Times >= 0, "times", f.Times, "a positive number, or none for all calls until the faults are cleared")
	k.want(f.Probability >= 0 && f.Probability <= 1, "probability", f.Probability, "a number above 0 and up to 1, or none for every call")
	k.want(f.Seed == 0 || f.Probability != 0 || k.told("probability"), "seed", f.Seed, "a probability beside it, or no seed")
}

func (f *Fault) checkNumbers(k *faultCheck) {
	k.want(f.Delay >= 0 && f.Delay <= maxFaultDelay, "delay", f.Delay, "a duration up to "+maxFaultDelay.String())
	k.want(f.RetryAfter >= 0 && f.RetryAfter <= maxFaultDelay, "retryAfter", f.RetryAfter, "a duration up to "+maxFaultDelay.String())
	k.want(f.Status == 0 || f.Status >= 400 && f.Status <= 599, "status", f.Status, "a status from 400 to 599, or none for 500")
	k.want(f.Skew.Abs() <= maxFaultSkew, "skew", f.Skew, "a duration within ten years of now, such as -20m")
	k.want(f.TooOld >= 0, "tooOld", f.TooOld, "a positive number of events")
	k.want(f.Expired >= 0, "expired", f.Expired, "a positive number of events")
	k.want(f.TooNew >= 0, "tooNew", f.TooNew, "a positive number of events")
	k.want(f.Bytes >= 0, "bytes", f.Bytes, "a positive number of bytes")
}

// checkNeeds checks that what the kind cannot do without is there.
func (f *Fault) checkNeeds(k *faultCheck) {
	need := func(ok bool, field, remedy string) {
		k.want(ok, field, "is missing", remedy)
	}
	switch f.Kind {
	case FaultDelay:
		need(f.Delay != 0, "delay", "how long to wait, such as 2s")
	case FaultReject:
		need(f.TooOld != 0 || f.Expired != 0 || f.TooNew != 0, "tooOld, expired or tooNew", "how many events to reject")
	case FaultMaxEvent:
		need(f.Bytes != 0, "bytes", "the largest event's size, such as 262144")
	case FaultPoison:
		need(f.Text != "", "text", "what a refused event contains")
	case FaultClockSkew:
		need(f.Skew != 0, "skew", "how far the clock is put forward, or back, such as -20m")
	}
}
