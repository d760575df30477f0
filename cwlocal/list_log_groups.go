package cwlocal

// ListLogGroups
//
// Behaviour:
//   - name, ARN and class of groups in ASCII order, 50 at a time or as limit
//     says (1 to 1000)
//   - logGroupNamePattern: up to five alternatives of 3 to 24 characters,
//     separated by '|', each a substring or, behind '^', a prefix
//   - logGroupTags: every filter must hold; it names a key and, if any, values
//     of which one must hold: '*' at either end stands for anything, a leading
//     '!' turns the value round
//
// Differences from AWS: no group has data sources or field indexes, so filters
// on them leave nothing; one account.

import (
	"cmp"
	"slices"
	"strings"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
	"github.com/watchtower-go/watchtower/cwlocal/internal/wire"
)

type listedGroup struct {
	Name  string `json:"logGroupName"`
	ARN   string `json:"logGroupArn"`
	Class string `json:"logGroupClass"`
}

type listGroupsAnswer struct {
	Groups []listedGroup `json:"logGroups"`
	Token  string        `json:"nextToken,omitempty"`
}

type listGroupsInput struct {
	pattern, class, token *string
	limit                 *int64
	accounts, indexes     []string
	tags                  []tagFilter
	sources               bool // dataSources is there and not empty
}

func listLogGroups(c *call) (any, error) {
	in, err := c.readListGroups()
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	answer := listGroupsAnswer{Groups: []listedGroup{}}
	answer.Token, err = c.groups(groupPage{
		operation: "ListLogGroups",
		token:     in.token,
		limit:     cmp.Or(int(value(in.limit)), 50),
		wants:     func(g *store.Group) bool { return in.wants(c, g) },
		add: func(g *store.Group) {
			answer.Groups = append(answer.Groups, listedGroup{g.Name, c.groupARN(g.Name), g.Class})
		},
	})
	return answer, err
}

func (c *call) readListGroups() (*listGroupsInput, error) {
	in := &listGroupsInput{}
	err := c.decode(func(member string, d *wire.Decoder) bool {
		switch member {
		case "logGroupNamePattern":
			in.pattern = d.String()
		case "logGroupClass":
			in.class = d.String()
		case "nextToken":
			in.token = d.String()
		case "limit":
			in.limit = d.Int64()
		case "accountIdentifiers":
			in.accounts = d.Strings()
		case "fieldIndexNames":
			in.indexes = d.Strings()
		case "dataSources":
			d.Array(func() { in.sources = true; d.Skip() })
		case "logGroupTags":
			in.tags = readTagFilters(d)
		case "includeLinkedAccounts":
			d.Bool()
		default:
			return false
		}
		return true
	})
	return in, err
}

const namePattern = `(\^?[\.\-_\/#A-Za-z0-9]{3,24})(\|\^?[\.\-_\/#A-Za-z0-9]{3,24}){0,4}`

var groupNamePattern = rule{min: 3, max: 129, pattern: namePattern, matches: matching(namePattern)}

func (in *listGroupsInput) check() error {
	var k check
	k.text("logGroupNamePattern", in.pattern, &groupNamePattern)
	k.text("logGroupClass", in.class, &groupClass)
	k.text("nextToken", in.token, &nextToken)
	k.number("limit", in.limit, 1, maxListed)
	k.list("accountIdentifiers", in.accounts, 0, 20, &accountID)
	k.list("fieldIndexNames", in.indexes, 1, 20, &optionalGroupName)
	checkTagFilters(&k, in.tags)
	return k.err()
}

func (in *listGroupsInput) wants(c *call, g *store.Group) bool {
	return !in.sources && len(in.indexes) == 0 &&
		(in.pattern == nil || nameMatches(*in.pattern, g.Name)) &&
		(in.class == nil || *in.class == g.Class) &&
		(len(in.accounts) == 0 || slices.Contains(in.accounts, c.cfg.AccountID)) &&
		!slices.ContainsFunc(in.tags, func(f tagFilter) bool { return !f.holds(g.Tags) })
}

// nameMatches reports whether one of the alternatives of a pattern fits a name.
func nameMatches(pattern, name string) bool {
	for alternative := range strings.SplitSeq(pattern, "|") {
		if prefix, ok := strings.CutPrefix(alternative, "^"); ok && strings.HasPrefix(name, prefix) || !ok && strings.Contains(name, alternative) {
			return true
		}
	}
	return false
}
