package cwlocal

// AssociateKmsKey
//
// Behaviour:
//   - remembers the key of a group, named by logGroupName or by its ARN in
//     resourceIdentifier (one of the two); DescribeLogGroups shows it
//
// Differences from AWS: nothing is encrypted, the key need not exist, and there
// are no keys for query results.

import (
	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
	"github.com/watchtower-go/watchtower/cwlocal/internal/wire"
)

var resourceIdentifier = rule{min: 1, max: 2048, pattern: `[\w+=/:,.@\-\*]*`, matches: matching(`[\w+=/:,.@\-\*]*`)}

func associateKmsKey(c *call) (any, error) {
	var key *string
	k := check{}
	name, resource, err := c.kmsInput(func(d *wire.Decoder) { key = d.String() })
	if err != nil {
		return nil, err
	}
	k.present("kmsKeyId", key != nil)
	k.text("kmsKeyId", key, &kmsKey)
	return nil, c.setKey(&k, name, resource, value(key))
}

// kmsInput reads the request of AssociateKmsKey and DisassociateKmsKey.
func (c *call) kmsInput(kmsKeyID func(*wire.Decoder)) (name, resource *string, err error) {
	err = c.decode(func(member string, d *wire.Decoder) bool {
		switch member {
		case "logGroupName":
			name = d.String()
		case "resourceIdentifier":
			resource = d.String()
		case "kmsKeyId":
			kmsKeyID(d)
		default:
			return false
		}
		return true
	})
	return name, resource, err
}

// setKey sets the key of the group that a request names; an empty one is none.
func (c *call) setKey(k *check, name, resource *string, kmsKeyID string) error {
	k.text("logGroupName", name, &optionalGroupName)
	k.text("resourceIdentifier", resource, &resourceIdentifier)
	if err := k.err(); err != nil {
		return err
	}
	if (name == nil) == (resource == nil) {
		return invalidParameter("Specify either logGroupName or resourceIdentifier, and not both.")
	}
	key := c.key(value(name))
	if resource != nil {
		var ok bool
		if key, ok = c.groupOf(*resource); !ok {
			return refuse(400, "ResourceNotFoundException", "The specified resource does not exist: watchtower local keeps keys of log groups only.")
		}
	}
	return c.store.UpdateGroup(key, func(g *store.Group) error {
		g.KMSKeyID = kmsKeyID
		return nil
	})
}
