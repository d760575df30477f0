package cwl

import (
	"strings"
	"testing"
)

// An errorCase is a value and the error it must get, "" for none.
type errorCase struct {
	value string
	want  string
}

// check runs the cases through validate. The whole message is compared: the
// value, the rule and the remedy are what these functions are for.
func check(t *testing.T, validate func(string) error, cases []errorCase) {
	t.Helper()
	for _, c := range cases {
		got := ""
		if err := validate(c.value); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.value, got, c.want)
		}
	}
}

func TestGroupNameErrorsNameValueRuleAndRemedy(t *testing.T) {
	const alphabet = "use letters (a-z, A-Z), digits and . - _ / #"
	check(t, ValidateGroupName, []errorCase{
		{"a", ""},
		{"watchtower", ""},
		{"/aws/lambda/my_function-1.2#x", ""},
		{"aws", ""},
		{"awsome/app", ""},
		{"AWS/app", ""},
		{strings.Repeat("g", 512), ""},
		{"", `log group name "": empty: give 1 to 512 characters`},
		{"aws/app", `log group name "aws/app": names starting with aws/ are reserved for AWS: use another prefix, such as "/app"`},
		{"my app", `log group name "my app": ' ' at character 3 is not allowed: ` + alphabet},
		{"my:app", `log group name "my:app": ':' at character 3 is not allowed: ` + alphabet},
		{"größe", `log group name "größe": 'ö' at character 3 is not allowed: ` + alphabet},
		{"app\n", `log group name "app\n": '\n' at character 4 is not allowed: ` + alphabet},
		{"app\xff", `log group name "app\xff": not valid UTF-8: give the name in UTF-8`},
		{
			strings.Repeat("g", 513),
			`log group name "` + strings.Repeat("g", 80) + `…": 513 characters, at most 512 are allowed: shorten it`,
		},
	})
}

func TestStreamNameErrorsNameValueRuleAndRemedy(t *testing.T) {
	check(t, ValidateStreamName, []errorCase{
		{"a", ""},
		{"host/prog/root/17", ""},
		{"2026/02/09/[$LATEST]0123", ""},
		{"größe und mehr", ""},
		{strings.Repeat("ö", 512), ""},
		{"", `log stream name "": empty: give 1 to 512 characters`},
		{"12:30", `log stream name "12:30": ':' at character 3 is not allowed: put '-' or '/' in its place`},
		{"ö*", `log stream name "ö*": '*' at character 2 is not allowed: put '-' or '/' in its place`},
		{"a\xc3", `log stream name "a\xc3": not valid UTF-8: give the name in UTF-8`},
		{
			strings.Repeat("ö", 513),
			`log stream name "` + strings.Repeat("ö", 80) + `…": 513 characters, at most 512 are allowed: shorten it`,
		},
	})
}

func TestKMSKeyIDIsBoundedInLength(t *testing.T) {
	long := "arn:aws:kms:us-east-1:000000000000:key/" + strings.Repeat("k", 218)
	check(t, ValidateKMSKeyID, []errorCase{
		{"", ""},
		{"arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab", ""},
		{long[:256], ""},
		{long, `KMS key ID "` + long[:80] + `…": 257 characters, at most 256 are allowed: give the ARN of one key`},
	})
}

func TestLogGroupClassErrorsGiveTheSpelling(t *testing.T) {
	check(t, ValidateLogGroupClass, []errorCase{
		{"", ""},
		{"STANDARD", ""},
		{"INFREQUENT_ACCESS", ""},
		{"DELIVERY", ""},
		{"standard", `log group class "standard": classes are STANDARD, INFREQUENT_ACCESS, DELIVERY: write STANDARD`},
		{"Infrequent Access", `log group class "Infrequent Access": classes are STANDARD, INFREQUENT_ACCESS, DELIVERY: write INFREQUENT_ACCESS`},
		{"GLACIER", `log group class "GLACIER": unknown: use one of STANDARD, INFREQUENT_ACCESS, DELIVERY`},
	})
}
