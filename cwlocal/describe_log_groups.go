package cwlocal

// DescribeLogGroups
//
// Behaviour:
//   - groups of the region in ASCII order, 50 at a time or as limit says (1 to 50)
//   - filters: a prefix or a pattern (a substring, in the case as given; not
//     both), a class, or up to 50 names or ARNs and nothing else
//   - with a pattern, groups come without storedBytes and
//     deletionProtectionEnabled
//   - retention and key only of groups that have them
//
// Differences from AWS: storedBytes does not lag; accountIdentifiers can only
// name the one account, others have no groups.

import (
	"cmp"
	"slices"
	"strings"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
)

// groupElement is a group in the answer.
type groupElement struct {
	Name       string `json:"logGroupName"`
	Created    int64  `json:"creationTime"`
	Retention  int    `json:"retentionInDays,omitempty"`
	Filters    int    `json:"metricFilterCount"`
	ARN        string `json:"arn"`
	Stored     *int64 `json:"storedBytes,omitempty"`
	KMSKeyID   string `json:"kmsKeyId,omitempty"`
	Class      string `json:"logGroupClass"`
	GroupARN   string `json:"logGroupArn"`
	Protection *bool  `json:"deletionProtectionEnabled,omitempty"`
	Bearer     bool   `json:"bearerTokenAuthenticationEnabled,omitempty"`
}

type describeGroupsAnswer struct {
	Groups []groupElement `json:"logGroups"`
	Token  string         `json:"nextToken,omitempty"`
}

type describeGroupsInput struct {
	prefix, pattern, token, class *string
	limit                         *int64
	accounts, identifiers         []string
}

func describeLogGroups(c *call) (any, error) {
	in, err := c.readDescribeGroups()
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	answer := describeGroupsAnswer{Groups: []groupElement{}}
	answer.Token, err = c.groups(groupPage{
		operation: "DescribeLogGroups",
		token:     in.token,
		limit:     cmp.Or(int(value(in.limit)), maxDescribed),
		wants:     func(g *store.Group) bool { return in.wants(c, g) },
		add: func(g *store.Group) {
			answer.Groups = append(answer.Groups, c.describe(g, value(in.pattern) != ""))
		},
	})
	return answer, err
}

func (c *call) readDescribeGroups() (*describeGroupsInput, error) {
	in := &describeGroupsInput{}
	var linked *bool // there is one account
	err := c.read(members{
		"logGroupNamePrefix": &in.prefix, "logGroupNamePattern": &in.pattern,
		"nextToken": &in.token, "limit": &in.limit,
		"logGroupClass": &in.class, "accountIdentifiers": &in.accounts,
		"logGroupIdentifiers": &in.identifiers, "includeLinkedAccounts": &linked,
	})
	return in, err
}

var groupPattern = rule{max: 512, pattern: `[\.\-_/#A-Za-z0-9]*`, matches: matching(`[\.\-_/#A-Za-z0-9]*`)}

func (in *describeGroupsInput) check() error {
	var k check
	k.text("logGroupNamePrefix", in.prefix, &optionalGroupName)
	k.text("logGroupNamePattern", in.pattern, &groupPattern)
	k.text("nextToken", in.token, &nextToken)
	k.number("limit", in.limit, 1, maxDescribed)
	k.text("logGroupClass", in.class, &groupClass)
	k.list("accountIdentifiers", in.accounts, 0, 20, &accountID)
	k.list("logGroupIdentifiers", in.identifiers, 1, 50, &groupIdentifier)
	if err := k.err(); err != nil {
		return err
	}
	if value(in.prefix) != "" && value(in.pattern) != "" {
		return invalidParameter("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
	}
	if in.identifiers != nil && (in.prefix != nil || in.pattern != nil || in.class != nil || in.token != nil || in.limit != nil || in.accounts != nil) {
		return invalidParameter("LogGroup identifiers can be combined with includeLinkedAccounts only.")
	}
	return nil
}

// wants reports whether a group passes the filters.
func (in *describeGroupsInput) wants(c *call, g *store.Group) bool {
	return strings.HasPrefix(g.Name, value(in.prefix)) &&
		strings.Contains(g.Name, value(in.pattern)) &&
		(in.class == nil || *in.class == g.Class) &&
		(len(in.accounts) == 0 || slices.Contains(in.accounts, c.cfg.AccountID)) &&
		(in.identifiers == nil || slices.Contains(in.identifiers, g.Name) || slices.Contains(in.identifiers, c.groupARN(g.Name)))
}

func (c *call) describe(g *store.Group, short bool) groupElement {
	arn := c.groupARN(g.Name)
	e := groupElement{
		Name: g.Name, Created: g.Created, Retention: g.RetentionDays, ARN: arn + ":*", KMSKeyID: g.KMSKeyID,
		Class: g.Class, GroupARN: arn, Bearer: g.BearerToken,
	}
	if !short {
		e.Stored, e.Protection = &g.StoredBytes, &g.DeletionProtection
	}
	return e
}
