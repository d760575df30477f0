package cwlocal

import (
	"strings"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
)

// A groupPage is one page of a list of the region's groups in ASCII order.
type groupPage struct {
	operation string
	token     *string // of the page before; nil for the first page
	limit     int
	wants     func(g *store.Group) bool
	add       func(g *store.Group)
}

// groups adds the groups of a page. It returns the token of the next, if there
// is one.
func (c *call) groups(p groupPage) (next string, err error) {
	listing := p.operation + " " + c.region
	after, err := readPageToken(listing, p.token)
	if err != nil {
		return "", err
	}
	n, last := 0, ""
	for g, err := range c.store.Groups(c.region, strings.Join(after, "")) {
		if err != nil {
			return "", err
		}
		if !p.wants(&g) {
			continue
		}
		if n == p.limit {
			return pageToken(listing, last), nil
		}
		p.add(&g)
		n, last = n+1, g.Name
	}
	return "", nil
}
