package encode

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// What happens to finished events is rare and not worth speed: they are taken
// apart and put together again.

const (
	beforeTime    = `{"timestamp":`
	beforeMessage = `,"message":"`
)

// Message returns the text of an event.
func Message(e *cwl.Event) string {
	at := bytes.Index(e.Fragment, []byte(beforeMessage)) + len(beforeMessage)
	return string(unescape(nil, view(e.Fragment[at:len(e.Fragment)-len(closing)])))
}

// WithMessage returns an event like e with another time and text. Its fragment
// has memory of its own.
func WithMessage(e *cwl.Event, ms int64, msg string) cwl.Event {
	n := *e
	fragment := strconv.AppendInt([]byte(beforeTime), ms, 10)
	fragment = append(fragment, beforeMessage...)
	fragment, _ = escape(fragment, msg)
	n.Fragment = append(fragment, closing...)
	n.Time, n.Size = ms, len(msg)
	return n
}

// originalTime is the field that Restamp adds.
const originalTime = "_original_time"

// Restamp returns e with the time at. The time that it had becomes the field
// _original_time of a JSON message, or stands in brackets before a text.
func Restamp(e *cwl.Event, at time.Time) cwl.Event {
	was := time.UnixMilli(e.Time).UTC().Format("2006-01-02T15:04:05.000Z07:00")
	msg := Message(e)
	if head, ok := strings.CutSuffix(msg, "}"); ok && json.Valid([]byte(msg)) && head != "{" {
		msg = head + `,"` + originalTime + `":"` + was + `"}`
	} else {
		msg = "[" + originalTime + "=" + was + "] " + msg
	}
	n := WithMessage(e, at.UnixMilli(), msg)
	if n.Size > cwl.MaxEventBytes {
		return Shorten(&n, cwl.MaxEventBytes)
	}
	return n
}

// Shorten returns e with its message shrunk to limit bytes, as Shrink does it.
func Shorten(e *cwl.Event, limit int) cwl.Event {
	msg := []byte(Message(e))
	if len(msg) > 0 && msg[0] == '{' && json.Valid(msg) {
		return WithMessage(e, e.Time, string(shrinkJSON(msg, limit)))
	}
	return WithMessage(e, e.Time, string(shrinkText(msg, limit)))
}

// Compose returns an event made of a ready message.
func Compose(ms int64, msg string) cwl.Event { return WithMessage(&cwl.Event{}, ms, msg) }
