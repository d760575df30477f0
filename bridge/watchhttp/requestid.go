package watchhttp

import "crypto/rand"

// requestIDLimit is generous: ids of proxies and clouds have 16 to 64 characters.
const requestIDLimit = 128

// validRequestID reports whether an id from outside may be logged, passed on
// and sent back: nothing in it means anything to a header, a log or a shell.
func validRequestID(id string) bool {
	if id == "" || len(id) > requestIDLimit {
		return false
	}
	for i := range len(id) {
		switch c := id[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '-', c == '.', c == '_', c == '~', c == ':', c == '/', c == '+', c == '=', c == '@':
		default:
			return false
		}
	}
	return true
}

func newRequestID() string { return rand.Text() }
