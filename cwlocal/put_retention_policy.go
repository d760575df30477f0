package cwlocal

// PutRetentionPolicy
//
// Behaviour:
//   - takes one of the service's numbers of days, no other
//   - events older than that are invisible from then on, and PutLogEvents
//     reports them in expiredLogEventEndIndex
//
// Differences from AWS: events are removed within a minute rather than within
// 72 hours.

import (
	"fmt"
	"strings"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
)

func putRetentionPolicy(c *call) (any, error) {
	var name *string
	var days *int64
	err := c.read(members{"logGroupName": &name, "retentionInDays": &days})
	if err != nil {
		return nil, err
	}
	var k check
	k.text("logGroupName", name, &groupName)
	k.present("retentionInDays", days != nil)
	if days != nil && !allowedRetention(*days) {
		set := strings.ReplaceAll(strings.Trim(fmt.Sprint(retentions), "[]"), " ", ", ")
		k.fault(fmt.Sprintf("'%d'", *days), "retentionInDays", "Member must satisfy enum value set: ["+set+"]")
	}
	if err := k.err(); err != nil {
		return nil, err
	}
	if err := c.retain(*name, int(*days)); err != nil {
		return nil, err
	}
	c.wakeExpire()
	return nil, nil
}

// retain sets the retention of a group; zero days are for ever.
func (c *call) retain(name string, days int) error {
	return c.store.UpdateGroup(c.key(name), func(g *store.Group) error {
		g.RetentionDays = days
		return nil
	})
}
