package cwlocal

import (
	"fmt"
	"hash/fnv"
	"strconv"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
)

// An eventToken is a token of GetLogEvents: f/ or b/ and 56 digits.
//
//	f/ 0001794829301000 … time of the position, 19 digits
//	   00000000000000016385 … its sequence number, 20 digits
//	   29913821             … when the token was made, in minutes since 1970
//	   123456789            … checksum over the rest and the stream's name
//
// The position is a gap between events: forward, a page begins with the first
// event at or after it; backward, it ends with the last event before it.
// The server remembers no tokens; a restart does not invalidate them.
type eventToken struct {
	backward bool
	at       store.Cursor
}

// tokenMinutes is how long a token may be used: 24 hours (API page GetLogEvents).
const tokenMinutes = 24 * 60

// text returns the token as made now, for use with the stream of that name.
func (t eventToken) text(stream string, now int64) string {
	digits := fmt.Sprintf("%019d%020d%08d", t.at.Time, t.at.Seq, now/60_000)
	return t.direction() + digits + tokenDigits(digits, stream)
}

func (t eventToken) direction() string {
	if t.backward {
		return "b/"
	}
	return "f/"
}

// readEventToken refuses tokens of other streams, made-up and expired ones.
func readEventToken(text, stream string, now int64) (t eventToken, err error) {
	const length = 2 + 56
	if len(text) != length || text[:2] != "f/" && text[:2] != "b/" || text[49:] != tokenDigits(text[2:49], stream) {
		return t, errToken
	}
	made, err := strconv.ParseInt(text[41:49], 10, 64)
	if err != nil || now/60_000-made > tokenMinutes {
		return t, errToken
	}
	t.backward = text[0] == 'b'
	if t.at.Time, err = strconv.ParseInt(text[2:21], 10, 64); err != nil {
		return t, errToken
	}
	if t.at.Seq, err = strconv.ParseUint(text[21:41], 10, 64); err != nil {
		return t, errToken
	}
	return t, nil
}

func tokenDigits(digits, stream string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(stream + "\x00" + digits)) // never fails
	return fmt.Sprintf("%09d", h.Sum32()%1_000_000_000)
}

// before is the gap in front of every event of a millisecond: sequence numbers
// of events are above one, and the zero Cursor is no position.
func before(time int64) store.Cursor { return store.Cursor{Time: time, Seq: 1} }

// behind is the gap behind an event.
func behind(e *store.Event) store.Cursor { return store.Cursor{Time: e.Time, Seq: e.Seq + 1} }
