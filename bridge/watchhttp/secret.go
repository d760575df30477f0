package watchhttp

import "slices"

// The names of secrets, in lower case and without - _ . : secretNames are whole
// names, secretWords are words of them, secretTexts may stand anywhere.
var (
	secretNames = []string{"key", "sig", "auth", "xauth", "bearer", "code", "sid", "pin", "assertion", "samlresponse", "samlrequest"}
	secretWords = []string{"pass", "pwd", "pswd", "pw", "otp", "totp", "jwt", "hmac", "csrf", "xsrf", "cvv", "cvc"}
	secretTexts = byFirst(
		"token", "password", "passwd", "passphrase", "passcode", "passkey",
		"secret", "signature", "credential", "authorization", "cookie", "session", "sessid",
		"apikey", "accesskey", "privatekey", "authkey", "sharedkey", "masterkey",
		"signingkey", "encryptionkey", "subscriptionkey", "functionskey",
		"authcode", "accesscode", "resetcode", "recoverycode", "securitycode",
		"verificationcode", "confirmationcode", "codeverifier",
	)
)

// byFirst sorts texts by their first letter, so that a look at each place of a name
// finds all of them.
func byFirst(texts ...string) (by [256][]string) {
	for _, text := range texts {
		by[text[0]] = append(by[text[0]], text)
	}
	return by
}

// IsSecret reports whether a query parameter, path wildcard or header of this
// name holds a secret. Case and the characters - _ . do not matter. Secret are the
// names, also where they stand in brackets, as in user[key],
//
//	key sig auth xauth bearer code sid pin assertion samlresponse samlrequest
//
// those that have one of these words, as in user_pass and otpCode,
//
//	pass pwd pswd pw otp totp jwt hmac csrf xsrf cvv cvc
//
// and those that have one of these anywhere in them:
//
//	token password passwd passphrase passcode passkey secret signature credential
//	authorization cookie session sessid apikey accesskey privatekey authkey
//	sharedkey masterkey signingkey encryptionkey subscriptionkey functionskey
//	authcode accesscode resetcode recoverycode securitycode verificationcode
//	confirmationcode codeverifier
//
// such as Authorization, Proxy-Authorization, Cookie, Set-Cookie, X-Api-Key,
// access_token, client_secret, X-Amz-Signature, X-Amz-Security-Token and
// X-Amz-Credential, AWSAccessKeyId.
func IsSecret(name string) bool {
	if len(name) > 256 {
		return true // nobody's parameter, and not worth the search
	}
	var room [256]byte
	plain := room[:0]
	part, word := 0, 0 // where in plain the part between brackets, and the word, begin
	for i := range len(name) {
		c := name[i]
		switch {
		case c == '-', c == '_', c == '.':
			if isOneOf(secretWords, plain[word:]) {
				return true
			}
			word = len(plain)
			continue
		case c == '[', c == ']':
			if isOneOf(secretNames, plain[part:]) || isOneOf(secretWords, plain[word:]) {
				return true
			}
			part, word = len(plain)+1, len(plain)+1
		case 'A' <= c && c <= 'Z':
			if beginsWord(name, i) {
				if isOneOf(secretWords, plain[word:]) {
					return true
				}
				word = len(plain)
			}
			c += 'a' - 'A'
		}
		plain = append(plain, c)
	}
	return isOneOf(secretNames, plain[part:]) || isOneOf(secretWords, plain[word:]) || hasSecretText(plain)
}

func hasSecretText(plain []byte) bool {
	for i, c := range plain {
		for _, text := range secretTexts[c] {
			if len(plain)-i >= len(text) && string(plain[i:i+len(text)]) == text {
				return true
			}
		}
	}
	return false
}

func isOneOf(names []string, text []byte) bool { return slices.Contains(names, string(text)) }

// beginsWord reports whether the capital at i begins a word, as that of Code does in
// otpCode and in OTPCode.
func beginsWord(name string, i int) bool {
	isLower := func(i int) bool { return 0 <= i && i < len(name) && 'a' <= name[i] && name[i] <= 'z' }
	return isLower(i-1) || i > 0 && isLower(i+1)
}
