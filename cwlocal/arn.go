package cwlocal

import (
	"strings"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
)

// groupARN returns the ARN of a group in the form that has no ":*" behind it,
// logGroupArn; the older member arn has one.
func (c *call) groupARN(name string) string {
	return "arn:" + partition(c.region) + ":logs:" + c.region + ":" + c.cfg.AccountID + ":log-group:" + name
}

// partition is the part of AWS that a region belongs to.
func partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// groupOf returns the group that an ARN names; ok is false if it is not the ARN
// of a group in this account and region.
func (c *call) groupOf(arn string) (key store.GroupKey, ok bool) {
	name, ok := strings.CutPrefix(arn, c.groupARN(""))
	return c.key(name), ok && name != ""
}

// identified returns the group of an operation that takes its name or its ARN,
// in either of two members.
func (c *call) identified(k *check, name, identifier *string) (store.GroupKey, error) {
	if name != nil && identifier != nil {
		return store.GroupKey{}, validationException("LogGroup name and LogGroup ARN are mutually exclusive parameters.")
	}
	k.text("logGroupIdentifier", identifier, &groupIdentifier)
	if identifier == nil {
		k.text("logGroupName", name, &groupName)
	}
	if err := k.err(); err != nil {
		return store.GroupKey{}, err
	}
	if identifier == nil {
		return c.key(*name), nil
	}
	return c.byIdentifier(*identifier)
}

// byIdentifier returns the group of a name or an ARN.
func (c *call) byIdentifier(identifier string) (store.GroupKey, error) {
	if !strings.HasPrefix(identifier, "arn:") {
		return c.key(identifier), nil
	}
	key, ok := c.groupOf(identifier)
	if !ok {
		return key, errGroupMissing
	}
	return key, nil
}
