package cwlocal

// UntagLogGroup (deprecated by the service for UntagResource)
//
// Behaviour:
//   - removes tags by their keys, which this operation calls tags
//   - keys that the group does not have are ignored
//
// Differences from AWS: none known.

func untagLogGroup(c *call) (any, error) {
	var name *string
	var keys []string
	err := c.read(members{"logGroupName": &name, "tags": &keys})
	if err != nil {
		return nil, err
	}
	var k check
	k.text("logGroupName", name, &groupName)
	k.present("tags", keys != nil)
	k.list("tags", keys, 1, 0, &tagKey)
	if err := k.err(); err != nil {
		return nil, err
	}
	return nil, c.removeTags(c.key(*name), keys)
}
