package cwlocal

// DeleteLogStream
//
// Behaviour:
//   - removes the stream with its events
//   - nothing is removed from a group with deletion protection: ValidationException
//
// Differences from AWS: none known.

func deleteLogStream(c *call) (any, error) {
	group, stream, err := c.streamInput()
	if err != nil {
		return nil, err
	}
	if _, err := c.store.Stream(c.key(group), stream); err != nil {
		return nil, err
	}
	if err := c.deletable(group); err != nil {
		return nil, err
	}
	return nil, c.store.DeleteStream(c.key(group), stream)
}
