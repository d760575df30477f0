package watchtower

import (
	"regexp"
	"strings"
)

// redactedText takes the place of a secret.
const redactedText = "[redacted]"

// secrets are what RedactSecrets looks for, beside card numbers.
var secrets = regexp.MustCompile(`(?i:\b(bearer +)[a-z0-9._~+/-]+=*)|\b(?:AKIA|ASIA)[A-Z2-7]{16}\b`)

// cards are digits that may be the number of a card, in one piece or in groups.
var cards = regexp.MustCompile(`\b[2-6]\d(?:[ -]?\d){11,17}\b`)

// RedactSecrets is a function for Options.Redact. It replaces by "[redacted]",
// wherever they stand in a text:
//
//   - bearer tokens (RFC 6750), after the word Bearer in any case;
//   - access key ids of AWS, those that begin with AKIA or ASIA;
//   - card numbers: 13 to 19 digits, which blanks or hyphens may part, with the
//     first digits and the length of Visa, Mastercard, American Express or
//     Discover and a valid check digit (ISO/IEC 7812, Luhn). A value that is
//     digits and nothing else, as that of a number is, may be an id: there only
//     15 and 16 digits count, which nearly all cards have. Of ids
//     of 16 random digits one in forty is still taken for a card; where that
//     matters, don't call RedactSecrets for their keys.
//
// It knows nothing of passwords and other secrets without a form of their own:
// those are told by their key, as in the example "RedactByKey" of Options.
func RedactSecrets(_, value string) string {
	if len(value) >= len("bearer x") {
		value = secrets.ReplaceAllString(value, "${1}"+redactedText)
	}
	if !strings.ContainsAny(value, "23456") {
		return value
	}
	if n := len(value); (n < 15 || n > 16) && strings.Trim(value, "0123456789") == "" {
		return value
	}
	return cards.ReplaceAllStringFunc(value, func(s string) string {
		if isCard(s) {
			return redactedText
		}
		return s
	})
}

// isCard reports whether digits, and what parts them, are the number of a card.
func isCard(s string) bool {
	digits := strings.NewReplacer(" ", "", "-", "").Replace(s)
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0 && issued(digits)
}

// issued reports whether one of the large networks gives out numbers that begin
// so, of that length.
func issued(digits string) bool {
	n, two, four := len(digits), digits[:2], digits[:4]
	switch {
	case digits[0] == '4':
		return n == 13 || n == 16 || n == 19
	case two == "34" || two == "37":
		return n == 15
	case "51" <= two && two <= "55", "2221" <= four && four <= "2720":
		return n == 16
	}
	return (four == "6011" || two == "65" || "644" <= four[:3] && four[:3] <= "649") && n >= 16
}
