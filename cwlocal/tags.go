package cwlocal

import (
	"maps"
	"strings"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
)

// ownTags keeps keys away that AWS keeps for itself.
func ownTags(tags map[string]string) error {
	for key := range tags {
		if len(key) >= 4 && strings.EqualFold(key[:4], "aws:") {
			return invalidParameter("aws: prefixed tag key names are not allowed for external use.")
		}
	}
	return nil
}

// addTags adds tags to a group or replaces their values. The resource is named
// in the error when there would be too many.
func (c *call) addTags(key store.GroupKey, tags map[string]string, resource string) error {
	if err := ownTags(tags); err != nil {
		return err
	}
	return c.store.UpdateGroup(key, func(g *store.Group) error {
		all := map[string]string{}
		maps.Copy(all, g.Tags)
		maps.Copy(all, tags)
		if len(all) > maxTags {
			err := refuse(400, "TooManyTagsException", "The resource can have no more than 50 tags.")
			err.extra = map[string]any{"resourceName": resource}
			return err
		}
		g.Tags = all
		return nil
	})
}

// removeTags removes tags from a group; keys that it does not have are ignored.
func (c *call) removeTags(key store.GroupKey, keys []string) error {
	return c.store.UpdateGroup(key, func(g *store.Group) error {
		left := maps.Clone(g.Tags)
		for _, k := range keys {
			delete(left, k)
		}
		g.Tags = left
		return nil
	})
}

// tagsAnswer is the response of ListTagsForResource and ListTagsLogGroup.
type tagsAnswer struct {
	Tags map[string]string `json:"tags"`
}

func (c *call) tagsOf(key store.GroupKey) (any, error) {
	g, err := c.store.Group(key)
	if err != nil {
		return nil, err
	}
	if g.Tags == nil {
		g.Tags = map[string]string{} // {} in the answer, not null
	}
	return tagsAnswer{g.Tags}, nil
}

// taggable returns the group of a resourceArn, which has no ":*" behind it.
func (c *call) taggable(k *check, arn *string) (store.GroupKey, error) {
	k.text("resourceArn", arn, &resourceARN)
	if err := k.err(); err != nil {
		return store.GroupKey{}, err
	}
	key, ok := c.groupOf(*arn)
	if !ok {
		return key, refuse(400, "ResourceNotFoundException", "The specified resource does not exist: watchtower local tags log groups of its own account in the region of the request.")
	}
	return key, nil
}
