package cwlocal

// DisassociateKmsKey
//
// Behaviour:
//   - forgets the key of a group; a group without one stays as it is
//
// Differences from AWS: as AssociateKmsKey.

import "github.com/watchtower-go/watchtower/cwlocal/internal/wire"

func disassociateKmsKey(c *call) (any, error) {
	name, resource, err := c.kmsInput((*wire.Decoder).Skip)
	if err != nil {
		return nil, err
	}
	return nil, c.setKey(&check{}, name, resource, "")
}
