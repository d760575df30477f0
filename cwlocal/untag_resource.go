package cwlocal

// UntagResource
//
// Behaviour:
//   - removes tags from a group by their keys, of which 50 may be given
//   - keys that the group does not have are ignored
//
// Differences from AWS: there are no destinations to untag.

func untagResource(c *call) (any, error) {
	var arn *string
	var keys []string
	err := c.read(members{"resourceArn": &arn, "tagKeys": &keys})
	if err != nil {
		return nil, err
	}
	var k check
	k.present("tagKeys", keys != nil)
	k.list("tagKeys", keys, 0, maxTags, &tagKey)
	key, err := c.taggable(&k, arn)
	if err != nil {
		return nil, err
	}
	return nil, c.removeTags(key, keys)
}
