package watchtower_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower"
)

// Validate says what New would say, by option, and starts nothing.
func TestValidateNamesEachOption(t *testing.T) {
	opts := &watchtower.Options{RetentionDays: 4, FlushInterval: -time.Second, LogStreamName: "a*b", SpoolDir: "no/such/folder"}
	joined, ok := opts.Validate("a b").(interface{ Unwrap() []error })
	if !ok {
		t.Fatal("no errors")
	}
	var got []string
	var walk func(errs []error)
	walk = func(errs []error) {
		for _, err := range errs {
			if o, ok := err.(*watchtower.OptionError); ok {
				got = append(got, o.Option)
			} else if many, ok := err.(interface{ Unwrap() []error }); ok {
				walk(many.Unwrap())
			} else {
				got = append(got, "the group")
			}
		}
	}
	walk(joined.Unwrap())
	if want := []string{"the group", "RetentionDays", "FlushInterval", "LogStreamName"}; !slices.Equal(want, got) {
		t.Errorf("got %q, want %q", got, want)
	}
	_, err := watchtower.New(t.Context(), "g", &watchtower.Options{RetentionDays: 4, EndpointURL: "http://127.0.0.1:1"})
	if o, ok := errors.AsType[*watchtower.OptionError](err); !ok || o.Option != "RetentionDays" {
		t.Errorf("New says %v", err)
	}
	if err := new(watchtower.Options).Validate("g"); err != nil {
		t.Error(err)
	}
}
