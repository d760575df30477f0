package cwlocal

// ListTagsForResource
//
// Behaviour:
//   - returns the tags of the group that an ARN without ":*" names, {} if it has none
//
// Differences from AWS: there are no destinations.

import "github.com/watchtower-go/watchtower/cwlocal/internal/wire"

func listTagsForResource(c *call) (any, error) {
	var arn *string
	err := c.decode(func(member string, d *wire.Decoder) bool {
		if member != "resourceArn" {
			return false
		}
		arn = d.String()
		return true
	})
	if err != nil {
		return nil, err
	}
	key, err := c.taggable(&check{}, arn)
	if err != nil {
		return nil, err
	}
	return c.tagsOf(key)
}
