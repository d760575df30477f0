package cwlocal

// DeleteLogGroup
//
// Behaviour:
//   - removes the group with its streams and events
//   - a group with deletion protection stays: ValidationException
//
// Differences from AWS: none known; there are no resources that hang on a group.

func deleteLogGroup(c *call) (any, error) {
	name, err := c.nameInput()
	if err != nil {
		return nil, err
	}
	if err := c.deletable(name); err != nil {
		return nil, err
	}
	return nil, c.store.DeleteGroup(c.key(name))
}

// deletable returns an error if the group is missing or protected.
func (c *call) deletable(name string) error {
	g, err := c.store.Group(c.key(name))
	if err != nil {
		return err
	}
	if g.DeletionProtection {
		return validationException("The log group " + name + " has deletion protection enabled. Disable it with PutLogGroupDeletionProtection before deleting.")
	}
	return nil
}
