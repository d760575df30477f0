package cwlocal

// ListTagsLogGroup (deprecated by the service for ListTagsForResource)
//
// Behaviour:
//   - returns the tags of a group, {} if it has none
//
// Differences from AWS: none known.

func listTagsLogGroup(c *call) (any, error) {
	name, err := c.nameInput()
	if err != nil {
		return nil, err
	}
	return c.tagsOf(c.key(name))
}
