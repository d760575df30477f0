package cwlocal

// TagResource
//
// Behaviour:
//   - adds tags to a group, or replaces the values of those that it has
//   - more than 50 in all are TooManyTagsException, and none is added
//
// Differences from AWS: there are no destinations to tag.

func tagResource(c *call) (any, error) {
	var arn *string
	var tags map[string]string
	err := c.read(members{"resourceArn": &arn, "tags": &tags})
	if err != nil {
		return nil, err
	}
	var k check
	k.present("tags", tags != nil)
	k.tags("tags", tags)
	key, err := c.taggable(&k, arn)
	if err != nil {
		return nil, err
	}
	return nil, c.addTags(key, tags, *arn)
}
