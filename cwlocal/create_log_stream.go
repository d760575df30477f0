package cwlocal

// CreateLogStream
//
// Behaviour:
//   - the group must exist, the stream must not
//   - names are 1 to 512 characters other than ':' and '*'
//
// Differences from AWS: no quota of 50 requests per second.

import "github.com/watchtower-go/watchtower/cwlocal/internal/wire"

func createLogStream(c *call) (any, error) {
	group, stream, err := c.streamInput()
	if err != nil {
		return nil, err
	}
	return nil, c.store.CreateStream(c.key(group), stream, c.now)
}

// streamInput reads the request of CreateLogStream and DeleteLogStream.
func (c *call) streamInput() (group, stream string, err error) {
	var g, s *string
	err = c.decode(func(member string, d *wire.Decoder) bool {
		switch member {
		case "logGroupName":
			g = d.String()
		case "logStreamName":
			s = d.String()
		default:
			return false
		}
		return true
	})
	if err != nil {
		return "", "", err
	}
	var k check
	k.text("logGroupName", g, &groupName)
	k.text("logStreamName", s, &streamName)
	if err := k.err(); err != nil {
		return "", "", err
	}
	return *g, *s, nil
}
