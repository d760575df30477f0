package cwlocal

// TagLogGroup (deprecated by the service for TagResource)
//
// Behaviour:
//   - as TagResource, with the name of the group
//   - too many tags are InvalidParameterException: the older operation has no other
//
// Differences from AWS: none known.

import "errors"

func tagLogGroup(c *call) (any, error) {
	var name *string
	var tags map[string]string
	err := c.read(members{"logGroupName": &name, "tags": &tags})
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
