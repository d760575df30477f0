package watchhttp

import (
	"bytes"
	"slices"
)

// The names of secrets, in lower case and without - _ . : secretNames are whole
// names, secretWords are words of them, secretTexts may stand anywhere.
var (
	secretNames = []string{"key", "sig", "auth", "xauth", "bearer", "code", "sid", "pin", "assertion", "samlresponse", "samlrequest"}
	secretWords = []string{"pass", "pwd", "pswd", "pw", "otp", "totp", "jwt", "hmac", "csrf", "xsrf", "cvv", "cvc"}
	secretTexts = [][]byte{
		[]byte("token"), []byte("password"), []byte("passwd"), []byte("passphrase"), []byte("passcode"), []byte("passkey"),
		[]byte("secret"), []byte("signature"), []byte("credential"), []byte("authorization"), []byte("cookie"), []byte("session"), []byte("sessid"),
		[]byte("apikey"), []byte("accesskey"), []byte("privatekey"), []byte("authkey"), []byte("sharedkey"), []byte("masterkey"),
		[]byte("signingkey"), []byte("encryptionkey"), []byte("subscriptionkey"), []byte("functionskey"),
		[]byte("authcode"), []byte("accesscode"), []byte("resetcode"), []byte("recoverycode"), []byte("securitycode"),
		[]byte("verificationcode"), []byte("confirmationcode"), []byte("codeverifier"),
	}
)

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
	return isOneOf(secretNames, plain[part:]) || isOneOf(secretWords, plain[word:]) ||
		slices.ContainsFunc(secretTexts, func(text []byte) bool { return bytes.Contains(plain, text) })
}

func isOneOf(names []string, text []byte) bool { return slices.Contains(names, string(text)) }

// beginsWord reports whether the capital at i begins a word, as that of Code does in
// otpCode and in OTPCode.
func beginsWord(name string, i int) bool {
	isLower := func(i int) bool { return 0 <= i && i < len(name) && 'a' <= name[i] && name[i] <= 'z' }
	return isLower(i-1) || i > 0 && isLower(i+1)
}
