package cwlocal

// PutLogGroupDeletionProtection
//
// Behaviour:
//   - takes the name or the ARN of a group
//   - a protected group refuses DeleteLogGroup and DeleteLogStream
//
// Differences from AWS: the text of the refusal is ours.

import (
	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
	"github.com/watchtower-go/watchtower/cwlocal/internal/wire"
)

func putLogGroupDeletionProtection(c *call) (any, error) {
	var identifier *string
	var enabled *bool
	err := c.decode(func(member string, d *wire.Decoder) bool {
		switch member {
		case "logGroupIdentifier":
			identifier = d.String()
		case "deletionProtectionEnabled":
			enabled = d.Bool()
		default:
			return false
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	var k check
	k.present("logGroupIdentifier", identifier != nil)
	k.text("logGroupIdentifier", identifier, &groupIdentifier)
	k.present("deletionProtectionEnabled", enabled != nil)
	if err := k.err(); err != nil {
		return nil, err
	}
	key, err := c.byIdentifier(*identifier)
	if err != nil {
		return nil, err
	}
	return nil, c.store.UpdateGroup(key, func(g *store.Group) error {
		g.DeletionProtection = *enabled
		return nil
	})
}
