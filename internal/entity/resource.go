// Package entity makes the entity of PutLogEvents of what the environment says
// about the program, in the variables that OpenTelemetry defines.
package entity

import (
	"fmt"
	"net/url"
	"strings"
)

// parseResource reads OTEL_RESOURCE_ATTRIBUTES: key1=value1,key2=value2, with
// what is not plain in percent-encoding, and blanks around keys and values.
// Of several values of a key the last counts. An error is of the whole, as
// OpenTelemetry wants it (Resource SDK, "Specifying resource information via an
// environment variable").
func parseResource(s string) (map[string]string, error) {
	attrs := make(map[string]string)
	for pair := range strings.SplitSeq(s, ",") {
		if strings.TrimSpace(pair) == "" {
			continue // a comma too many
		}
		rawKey, rawValue, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, fmt.Errorf("%.80q has no equals sign: write key=value, and %%2C for a comma", pair)
		}
		key, err := decode(rawKey)
		if err != nil {
			return nil, err
		}
		if key == "" {
			return nil, fmt.Errorf("%.80q has no key before the equals sign: write key=value", pair)
		}
		if attrs[key], err = decode(rawValue); err != nil {
			return nil, err
		}
	}
	return attrs, nil
}

// decode undoes percent-encoding. What is not UTF-8 becomes U+FFFD (W3C
// Baggage).
func decode(s string) (string, error) {
	text, err := url.PathUnescape(strings.TrimSpace(s))
	if err != nil {
		return "", fmt.Errorf("%.80q is not percent-encoded: write %%25 for a percent sign", s)
	}
	return strings.ToValidUTF8(text, "\uFFFD"), nil
}
