package cwlocal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MarshalJSON writes the fields that are not zero, in the order of the type.
// Durations are strings such as "1.5s".
func (f Fault) MarshalJSON() ([]byte, error) {
	dst := []byte{'{'}
	for _, field := range f.fields() {
		if field.empty() {
			continue
		}
		v := field.value
		if d, ok := v.(*time.Duration); ok {
			v = d.String()
		}
		value, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		if len(dst) > 1 {
			dst = append(dst, ',')
		}
		dst = append(append(strconv.AppendQuote(dst, field.name), ':'), value...)
	}
	return append(dst, '}'), nil
}

// UnmarshalJSON reads a fault and checks it as [Faults.Add] does. It is
// strict: a field that is unknown, or of the wrong type, is an error that names
// the field and what it wants.
func (f *Fault) UnmarshalJSON(data []byte) error {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(data, &given); err != nil || given == nil {
		return errors.New(`a fault is an object, such as {"kind": "throttle", "times": 3}`)
	}
	read := Fault{}
	var names, misread []string
	var errs []error
	for _, field := range read.fields() {
		names = append(names, field.name)
		if value, ok := given[field.name]; ok {
			delete(given, field.name)
			if err := field.unmarshal(value); err != nil {
				errs, misread = append(errs, err), append(misread, field.name)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		errs = append(errs, fmt.Errorf("%q: there is no such field; the fields are %s", name, strings.Join(names, ", ")))
	}
	errs = append(errs, read.validate(misread...))
	if err := errors.Join(errs...); err != nil {
		return err
	}
	*f = read
	return nil
}

// unmarshal reads the value of one field.
func (field faultField) unmarshal(data json.RawMessage) error {
	var err error
	want := "a string"
	switch v := field.value.(type) {
	case *time.Duration:
		want = `a duration in a string, such as "1.5s"`
		var text string
		if err = json.Unmarshal(data, &text); err == nil {
			*v, err = time.ParseDuration(text)
		}
	case *int, *uint64:
		want = "a whole number"
		err = json.Unmarshal(data, v)
	case *float64:
		want = "a number"
		err = json.Unmarshal(data, v)
	default:
		err = json.Unmarshal(data, v)
	}
	if err != nil || bytes.Equal(data, []byte("null")) {
		return fmt.Errorf("%s %.40s: want %s", field.name, data, want)
	}
	// To leave these out means the opposite of zero: a zero is a mistake.
	if field.empty() && slices.Contains([]string{"times", "probability"}, field.name) {
		return fmt.Errorf("%s %s: want more than 0, or leave it out", field.name, data)
	}
	return nil
}

// decodeFaults reads one fault or a list of them.
func decodeFaults(data []byte) ([]Fault, error) {
	if data = bytes.TrimSpace(data); !json.Valid(data) {
		return nil, errors.New(`the body is not JSON: want a fault, such as {"kind": "throttle", "times": 3}, or a list of them`)
	}
	if data[0] != '[' {
		var one Fault
		err := one.UnmarshalJSON(data)
		return []Fault{one}, err
	}
	var each []json.RawMessage
	if err := json.Unmarshal(data, &each); err != nil {
		return nil, err
	}
	list := make([]Fault, len(each))
	var errs []error
	for i, data := range each {
		if err := list[i].UnmarshalJSON(data); err != nil {
			errs = append(errs, fmt.Errorf("fault %d: %w", i+1, err))
		}
	}
	return list, errors.Join(errs...)
}
