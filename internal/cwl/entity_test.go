package cwl

import (
	"strconv"
	"strings"
	"testing"
)

func TestValidateEntityNamesWhatIsWrong(t *testing.T) {
	service := func(more ...string) map[string]string {
		m := map[string]string{"Type": "Service", "Name": "shop", "Environment": "prod"}
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	many := map[string]string{}
	for i := range 11 {
		many["a"+strconv.Itoa(i)] = "v"
	}
	for _, c := range []struct {
		key, attributes map[string]string
		want            string // empty: nothing is wrong
	}{
		{service(), nil, ""},
		{service(), map[string]string{"PlatformType": "AWS::EC2", strings.Repeat("é", 256): strings.Repeat("é", 512)}, ""},
		{map[string]string{"Type": "RemoteService", "Name": "auth"}, nil, ""},
		{map[string]string{"Type": "AWS::Resource", "ResourceType": "AWS::S3::Bucket", "Identifier": "b", "Environment": "e"}, nil, ""},
		{nil, nil, "0 key attributes"},
		{map[string]string{"Type": "Service"}, nil, "1 key attributes"},
		{service("ResourceType", "r", "Identifier", "i"), nil, "5 key attributes"},
		{service("Colour", "red"), nil, `key attribute "Colour" is not known`},
		{service("Name", ""), nil, "key attribute Name: the value is empty"},
		{service("Name", strings.Repeat("x", 513)), nil, "key attribute Name: the value has 513 characters, at most 512"},
		{service("Name", "\xff"), nil, "not valid UTF-8"},
		{service("Type", "service"), nil, `key attribute Type is "service": use Service,`},
		{map[string]string{"Name": "shop", "Environment": "prod"}, nil, `key attribute Type is "": use Service,`},
		{map[string]string{"Type": "Service", "Name": "shop"}, nil, "key attribute Environment is missing: an entity of type Service needs it"},
		{map[string]string{"Type": "Resource", "Identifier": "i"}, nil, "key attribute ResourceType is missing"},
		{service(), many, "11 attributes: an entity can have at most 10"},
		{service(), map[string]string{"": "v"}, `attribute "": the name is empty`},
		{service(), map[string]string{"k": ""}, `attribute "k": the value is empty`},
		{service(), map[string]string{strings.Repeat("k", 257): "v"}, "the name has 257 characters, at most 256"},
		{service(), map[string]string{"k": strings.Repeat("v", 513)}, "the value has 513 characters, at most 512"},
	} {
		err := ValidateEntity(Entity{c.key, c.attributes})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%v, %v: %v, want %q", c.key, c.attributes, err, c.want)
		}
	}
}
