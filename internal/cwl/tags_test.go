package cwl

import (
	"strconv"
	"strings"
	"testing"
)

func TestTagErrorsNameValueRuleAndRemedy(t *testing.T) {
	const alphabet = "use letters, digits, spaces and _ . : / = + - @"
	cases := []struct {
		name string
		tags map[string]string
		want string
	}{
		{"none", nil, ""},
		{"ordinary", map[string]string{"team": "core", "cost centre": "4 711", "url": "https://x.y/z", "Größe": "Ⅷ"}, ""},
		{"empty value", map[string]string{"team": ""}, ""},
		{"aws without colon", map[string]string{"awsome": "x"}, ""},
		{"longest", map[string]string{strings.Repeat("ö", 128): strings.Repeat("ü", 256)}, ""},
		{"fifty", manyTags(50), ""},
		{"fifty-one", manyTags(51), "51 tags: a log group can have at most 50: leave some out"},
		{"empty key", map[string]string{"": "x"}, `tag "": the key is empty: give 1 to 128 characters`},
		{"reserved", map[string]string{"aws:team": "x"}, `tag "aws:team": keys starting with aws: are reserved for AWS: use another key`},
		{"reserved in capitals", map[string]string{"AWS:team": "x"}, `tag "AWS:team": keys starting with aws: are reserved for AWS: use another key`},
		{"key alphabet", map[string]string{"te,am": "x"}, `tag "te,am": the key "te,am" has ',' at character 3: ` + alphabet},
		{"value alphabet", map[string]string{"team": "a\tb"}, `tag "team": the value "a\tb" has '\t' at character 2: ` + alphabet},
		{"value not UTF-8", map[string]string{"team": "\xff"}, `tag "team": the value "\xff" is not valid UTF-8: give it in UTF-8`},
		{
			"long key",
			map[string]string{strings.Repeat("k", 129): "x"},
			`tag "` + strings.Repeat("k", 80) + `…": the key has 129 characters, at most 128 are allowed: shorten it`,
		},
		{
			"long value",
			map[string]string{"team": strings.Repeat("v", 257)},
			`tag "team": the value has 257 characters, at most 256 are allowed: shorten it`,
		},
		{"first key wins", map[string]string{"b*": "x", "a*": "x"}, `tag "a*": the key "a*" has '*' at character 2: ` + alphabet},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			if err := ValidateTags(c.tags); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func manyTags(n int) map[string]string {
	tags := make(map[string]string)
	for i := range n {
		tags["key"+strconv.Itoa(i)] = "value"
	}
	return tags
}
