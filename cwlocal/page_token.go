package cwlocal

import (
	"encoding/base64"
	"encoding/binary"
	"hash/fnv"
	"strings"
)

// A pageToken is the nextToken of a listing: opaque to clients, and made of
// what the listing needs to go on, so that the server remembers nothing.
// It carries a checksum over itself and the listing that it belongs to, so that
// tokens of other listings and made-up ones are refused.
func pageToken(listing string, parts ...string) string {
	text := strings.Join(parts, "\x00")
	sum := binary.BigEndian.AppendUint32(nil, tokenSum(listing, text))
	return base64.RawURLEncoding.EncodeToString(append(sum, text...))
}

// readPageToken returns the parts of a token; a nil token is the start.
func readPageToken(listing string, token *string) ([]string, error) {
	if token == nil {
		return nil, nil
	}
	data, err := base64.RawURLEncoding.DecodeString(*token)
	if err != nil || len(data) < 4 || binary.BigEndian.Uint32(data) != tokenSum(listing, string(data[4:])) {
		return nil, errToken
	}
	return strings.Split(string(data[4:]), "\x00"), nil
}

func tokenSum(listing, text string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(listing + "\x00" + text)) // never fails
	return h.Sum32()
}
