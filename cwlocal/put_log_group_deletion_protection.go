package cwlocal

// PutLogGroupDeletionProtection
//
// Behaviour:
//   - takes the name or the ARN of a group
//   - a protected group refuses DeleteLogGroup and DeleteLogStream
//
// Differences from AWS: the text of the refusal is ours.

import "github.com/watchtower-go/watchtower/cwlocal/internal/store"

func putLogGroupDeletionProtection(c *call) (any, error) {
	var identifier *string
	var enabled *bool
	err := c.read(members{"logGroupIdentifier": &identifier, "deletionProtectionEnabled": &enabled})
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
