package cwlocal

// CreateLogGroup
//
// Behaviour:
//   - checks name, key, tags (at most 50, none beginning with aws:) and class;
//     the class is STANDARD unless given, and fixed from then on
//   - a group that exists, even with the same settings, is
//     ResourceAlreadyExistsException
//   - names beginning with aws/ are reserved
//
// Differences from AWS: no quota of groups; the KMS key need not exist.

import (
	"cmp"
	"strings"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
)

func createLogGroup(c *call) (any, error) {
	var name, key, class *string
	var tags map[string]string
	var protected *bool
	err := c.read(members{
		"logGroupName": &name, "kmsKeyId": &key,
		"tags": &tags, "logGroupClass": &class,
		"deletionProtectionEnabled": &protected,
	})
	if err != nil {
		return nil, err
	}
	var k check
	k.text("logGroupName", name, &groupName)
	k.text("kmsKeyId", key, &kmsKey)
	k.tags("tags", tags)
	k.text("logGroupClass", class, &groupClass)
	if err := cmp.Or(k.err(), ownTags(tags)); err != nil {
		return nil, err
	}
	if len(*name) >= 4 && strings.EqualFold((*name)[:4], "aws/") {
		return nil, invalidParameter("Log groups starting with AWS/ are reserved for AWS.")
	}
	return nil, c.store.CreateGroup(store.Group{
		GroupKey: c.key(*name), Created: c.now, KMSKeyID: value(key), Class: cmp.Or(value(class), "STANDARD"),
		DeletionProtection: value(protected), Tags: tags,
	})
}

// value returns what p points to, or zero.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
