package cwl

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of the tags of one log group (page TagResource).
const (
	// MaxTags is the largest number of tags.
	MaxTags = 50
	// MaxTagKeyLength is the longest key, in characters; the shortest is one.
	MaxTagKeyLength = 128
	// MaxTagValueLength is the longest value, in characters. It may be empty.
	MaxTagValueLength = 256
)

// ValidateTags tells why the tags cannot be given to a log group: more than
// 50, a key or value that is too long or has a character outside letters,
// digits, spaces and _ . : / = + - @, or a key that starts with "aws:".
// Of several bad tags the first in the order of keys is told.
func ValidateTags(tags map[string]string) error {
	if len(tags) > MaxTags {
		return fmt.Errorf("%d tags: a log group can have at most %d: leave some out", len(tags), MaxTags)
	}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		if err := validateTagKey(key); err != nil {
			return fmt.Errorf("tag %s: %w", quote(key), err)
		}
		if err := validateTagText("value", tags[key], MaxTagValueLength); err != nil {
			return fmt.Errorf("tag %s: %w", quote(key), err)
		}
	}
	return nil
}

func validateTagKey(key string) error {
	if key == "" {
		return errors.New("the key is empty: give 1 to 128 characters")
	}
	if err := validateTagText("key", key, MaxTagKeyLength); err != nil {
		return err
	}
	// Reserved in any mixture of cases (Tagging AWS resources, "Tag naming
	// limits and requirements").
	if len(key) >= 4 && strings.EqualFold(key[:4], "aws:") {
		return errors.New("keys starting with aws: are reserved for AWS: use another key")
	}
	return nil
}

// validateTagText checks length and alphabet; what says which half of the tag
// it is.
func validateTagText(what, s string, most int) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("the %s %s is not valid UTF-8: give it in UTF-8", what, quote(s))
	}
	if n := utf8.RuneCountInString(s); n > most {
		return fmt.Errorf("the %s has %d characters, at most %d are allowed: shorten it", what, n, most)
	}
	for i, r := range s {
		if !isTagRune(r) {
			return fmt.Errorf("the %s %s has %s: use letters, digits, spaces and _ . : / = + - @", what, quote(s), describe(s, i, r))
		}
	}
	return nil
}

// isTagRune is the service's [\p{L}\p{Z}\p{N}_.:/=+\-@].
func isTagRune(r rune) bool {
	return unicode.In(r, unicode.L, unicode.Z, unicode.N) || strings.ContainsRune("_.:/=+-@", r)
}
