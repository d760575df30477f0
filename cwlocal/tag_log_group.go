package cwlocal

// TagLogGroup (deprecated by the service for TagResource)
//
// Behaviour:
//   - as TagResource, with the name of the group
//   - too many tags are InvalidParameterException: the older operation has no other
//
// Differences from AWS: none known.

import (
	"errors"

	"github.com/watchtower-go/watchtower/cwlocal/internal/wire"
)

func tagLogGroup(c *call) (any, error) {
	var name *string
	var tags map[string]string
	err := c.decode(func(member string, d *wire.Decoder) bool {
		switch member {
		case "logGroupName":
			name = d.String()
		case "tags":
			tags = d.Map()
		default:
			return false
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	var k check
	k.text("logGroupName", name, &groupName)
	k.present("tags", tags != nil)
	k.tags("tags", tags)
	if err := k.err(); err != nil {
		return nil, err
	}
	err = c.addTags(c.key(*name), tags, *name)
	if e, ok := errors.AsType[*apiError](err); ok && e.code == "TooManyTagsException" {
		return nil, invalidParameter(e.message)
	}
	return nil, err
}
