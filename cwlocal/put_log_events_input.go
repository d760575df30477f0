package cwlocal

import (
	"strconv"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
	"github.com/watchtower-go/watchtower/cwlocal/internal/wire"
)

// putInput is the request of PutLogEvents. The messages of events alias the body.
type putInput struct {
	group, stream *string
	events        []store.Event // nil when absent; no more than maxBatchEvents
	excess        int           // events in the request beyond those
	entity        *entity
	// absent notes the members of events that are missing: of such an event the
	// other member is enough for a store.Event.
	absent check
	given  bool // logEvents is there
}

// readPut reads the request.
func (c *call) readPut() (*putInput, error) {
	in := &putInput{}
	err := c.decode(func(member string, d *wire.Decoder) bool {
		switch member {
		case "logGroupName":
			in.group = d.String()
		case "logStreamName":
			in.stream = d.String()
		case "logEvents":
			in.readEvents(d, len(c.body))
		case "entity":
			in.entity = readEntity(d)
		case "sequenceToken":
			d.String()
		default:
			return false
		}
		return true
	})
	return in, err
}

// readEvents reads the list of events out of a body of so many bytes.
func (in *putInput) readEvents(d *wire.Decoder, size int) {
	const shortest = len(`{"timestamp":1,"message":"x"},`)
	// Room for events of 100 bytes; a short body needs less.
	in.events, in.absent = make([]store.Event, 0, min(size/max(shortest, 100)+1, maxBatchEvents)), check{}
	in.excess = 0
	var e store.Event
	var timed, spoken bool
	member := func(name []byte) {
		switch string(name) {
		case "timestamp":
			e.Time, timed = d.Long()
		case "message":
			e.Message = d.Bytes()
			spoken = e.Message != nil
		default:
			d.Skip()
		}
	}
	in.given = d.Array(func() {
		if len(in.events) == maxBatchEvents { // a body has room for millions of nulls
			in.excess++
			d.Skip()
			return
		}
		e, timed, spoken = store.Event{}, false, false
		d.Object(member)
		in.events = append(in.events, e)
		if !timed || !spoken {
			path := "logEvents." + strconv.Itoa(len(in.events)) + ".member."
			in.absent.present(path+"timestamp", timed)
			in.absent.present(path+"message", spoken)
			in.events[len(in.events)-1].Message = []byte{'-'} // noted already
		}
	})
}

// check applies the constraints of the API model.
func (in *putInput) check() error {
	k := in.absent
	k.text("logGroupName", in.group, &groupName)
	k.text("logStreamName", in.stream, &streamName)
	k.present("logEvents", in.given)
	if in.given {
		shown, n := "[]", len(in.events)+in.excess
		if n > 0 {
			shown = "[" + strconv.Itoa(n) + " events]"
		}
		k.length(quote(shown), "logEvents", n, 1, maxBatchEvents)
	}
	for i := range in.events {
		e := &in.events[i]
		if e.Time >= 0 && len(e.Message) > 0 {
			continue
		}
		path := "logEvents." + strconv.Itoa(i+1) + ".member."
		k.number(path+"timestamp", &e.Time, 0, anyTime)
		if len(e.Message) == 0 {
			k.fault("''", path+"message", "Member must have length greater than or equal to 1")
		}
	}
	return k.err()
}
