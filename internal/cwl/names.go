package cwl

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of names (pages CreateLogGroup and CreateLogStream).
const (
	// MaxNameLength is the longest name of a log group or log stream, in
	// characters. The shortest is one character.
	MaxNameLength = 512
	// MaxKMSKeyIDLength is the longest ARN of a key, in characters.
	MaxKMSKeyIDLength = 256
)

// LogGroupClasses lists the classes of a log group. The first one is what a
// group gets that is created without a class.
var LogGroupClasses = []string{"STANDARD", "INFREQUENT_ACCESS", "DELIVERY"}

// reservedGroupPrefix begins the names that AWS keeps for itself. Names such
// as /aws/lambda/f, with a slash in front, are open to everyone.
const reservedGroupPrefix = "aws/"

// ValidateGroupName tells why CreateLogGroup would refuse the name: 1 to 512
// characters of a-z, A-Z, 0-9 and . - _ / #, not starting with "aws/".
func ValidateGroupName(name string) error {
	if err := validateLength(name); err != nil {
		return fmt.Errorf("log group name %s: %w", quote(name), err)
	}
	for i, r := range name {
		if !isGroupNameRune(r) {
			return fmt.Errorf("log group name %s: %s is not allowed: use letters (a-z, A-Z), digits and . - _ / #",
				quote(name), describe(name, i, r))
		}
	}
	if rest, ok := strings.CutPrefix(name, reservedGroupPrefix); ok {
		return fmt.Errorf("log group name %s: names starting with aws/ are reserved for AWS: use another prefix, such as %q",
			quote(name), abbreviate("/"+rest))
	}
	return nil
}

// ValidateStreamName tells why CreateLogStream would refuse the name: 1 to
// 512 characters without ':' and '*'.
func ValidateStreamName(name string) error {
	if err := validateLength(name); err != nil {
		return fmt.Errorf("log stream name %s: %w", quote(name), err)
	}
	if i := strings.IndexAny(name, ":*"); i >= 0 {
		return fmt.Errorf("log stream name %s: %s is not allowed: put '-' or '/' in its place",
			quote(name), describe(name, i, rune(name[i])))
	}
	return nil
}

// ValidateKMSKeyID tells why the ARN of a key cannot be one: more than 256
// characters. Empty is valid and means no key of one's own. Whether the key
// exists only the service can tell.
func ValidateKMSKeyID(id string) error {
	if n := utf8.RuneCountInString(id); n > MaxKMSKeyIDLength {
		return fmt.Errorf("KMS key ID %s: %d characters, at most %d are allowed: give the ARN of one key",
			quote(id), n, MaxKMSKeyIDLength)
	}
	return nil
}

// ValidateLogGroupClass tells why the class is none of LogGroupClasses. Empty
// is valid and means STANDARD.
func ValidateLogGroupClass(class string) error {
	if class == "" || slices.Contains(LogGroupClasses, class) {
		return nil
	}
	known := strings.Join(LogGroupClasses, ", ")
	// The console writes "Infrequent Access": only the spelling is wrong.
	spelled := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToUpper(class))
	if slices.Contains(LogGroupClasses, spelled) {
		return fmt.Errorf("log group class %s: classes are %s: write %s", quote(class), known, spelled)
	}
	return fmt.Errorf("log group class %s: unknown: use one of %s", quote(class), known)
}

// validateLength checks what names of groups and streams have in common.
func validateLength(name string) error {
	if name == "" {
		return errors.New("empty: give 1 to 512 characters")
	}
	if !utf8.ValidString(name) {
		return errors.New("not valid UTF-8: give the name in UTF-8")
	}
	if n := utf8.RuneCountInString(name); n > MaxNameLength {
		return fmt.Errorf("%d characters, at most %d are allowed: shorten it", n, MaxNameLength)
	}
	return nil
}

func isGroupNameRune(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return true
	}
	return strings.ContainsRune(".-_/#", r)
}

// describe names the rune at byte i of s and its place, counted in characters
// from 1, as a person would.
func describe(s string, i int, r rune) string {
	return fmt.Sprintf("%q at character %d", r, utf8.RuneCountInString(s[:i])+1)
}

// quote quotes s for an error message.
func quote(s string) string { return fmt.Sprintf("%q", abbreviate(s)) }

// abbreviate keeps a value that is far too long from flooding the message
// that complains about it.
func abbreviate(s string) string {
	const most = 80 // in characters
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
