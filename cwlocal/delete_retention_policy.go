package cwlocal

// DeleteRetentionPolicy
//
// Behaviour:
//   - events of the group do not expire any more
//   - a group without a policy stays as it is; that is no error
//
// Differences from AWS: events that had expired but not been removed may come
// back in both; here they have been removed after a minute.

import "github.com/watchtower-go/watchtower/cwlocal/internal/wire"

func deleteRetentionPolicy(c *call) (any, error) {
	name, err := c.nameInput()
	if err != nil {
		return nil, err
	}
	return nil, c.retain(name, 0)
}

// nameInput reads a request that has the name of a group and nothing else.
func (c *call) nameInput() (string, error) {
	var name *string
	err := c.decode(func(member string, d *wire.Decoder) bool {
		if member != "logGroupName" {
			return false
		}
		name = d.String()
		return true
	})
	if err != nil {
		return "", err
	}
	var k check
	k.text("logGroupName", name, &groupName)
	if err := k.err(); err != nil {
		return "", err
	}
	return *name, nil
}
