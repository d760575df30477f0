package watchtower_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower"
)

// What counts is how long fields are as they are written, escaped.
func TestFieldsAreMeasuredAsTheyAreWritten(t *testing.T) {
	for _, text := range []string{strings.Repeat("\x1f", 400), strings.Repeat("\x1f", 400) + "{ec2.instance_id}", strings.Repeat(`"`, 490)} {
		for _, format := range []watchtower.Format{watchtower.FormatJSON, watchtower.FormatText} {
			o := watchtower.Options{Fields: map[string]string{"k": text}, MaxEventBytes: 2048, Format: format, LogStreamName: "s"}
			err := o.Validate("g")
			if text[0] == '"' {
				if err != nil {
					t.Error(err)
				}
				continue
			}
			if o, ok := errors.AsType[*watchtower.OptionError](err); !ok || o.Option != "Fields" {
				t.Errorf("%v", err)
			}
		}
	}
}
