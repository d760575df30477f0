package cwlocal_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

// groups is the answer of DescribeLogGroups and ListLogGroups.
type groups struct {
	LogGroups []map[string]any
	NextToken *string
}

func (g groups) names() string {
	var list []string
	for _, e := range g.LogGroups {
		list = append(list, fmt.Sprint(e["logGroupName"]))
	}
	return strings.Join(list, " ")
}

func (l *lab) groups(op, body string) groups {
	l.Helper()
	return decoded[groups](l, l.must(op, body))
}

func TestDescribedGroupHasTheMembersOfTheService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const arn = "arn:aws:logs:us-east-1:000000000000:log-group:/app/web"
		l := newLab(t)
		l.must("CreateLogGroup", `{"logGroupName":"/app/web","tags":{"k":"v"}}`)
		want := map[string]any{
			"arn": arn + ":*", "logGroupArn": arn, "creationTime": 946684800000.0, "logGroupName": "/app/web",
			"logGroupClass": "STANDARD", "metricFilterCount": 0.0, "storedBytes": 0.0, "deletionProtectionEnabled": false,
		}
		got := l.groups("DescribeLogGroups", `{}`)
		if diff := cmp.Diff([]map[string]any{want}, got.LogGroups); diff != "" {
			t.Error(diff)
		}
		delete(want, "storedBytes")
		delete(want, "deletionProtectionEnabled")
		if diff := cmp.Diff([]map[string]any{want}, l.groups("DescribeLogGroups", `{"logGroupNamePattern":"app"}`).LogGroups); diff != "" {
			t.Errorf("by pattern: %s", diff)
		}
		l.must("PutRetentionPolicy", `{"logGroupName":"/app/web","retentionInDays":7}`)
		l.must("AssociateKmsKey", `{"resourceIdentifier":"`+arn+`","kmsKeyId":"key"}`)
		set := l.groups("DescribeLogGroups", `{}`).LogGroups[0]
		if set["retentionInDays"] != 7.0 || set["kmsKeyId"] != "key" {
			t.Errorf("with retention and key: %v", set)
		}
		l.must("DeleteRetentionPolicy", `{"logGroupName":"/app/web"}`)
		l.must("DisassociateKmsKey", `{"logGroupName":"/app/web"}`)
		unset := l.groups("DescribeLogGroups", `{}`).LogGroups[0]
		if unset["retentionInDays"] != nil || unset["kmsKeyId"] != nil {
			t.Errorf("without them again: %v", unset)
		}
	})
}

func TestGroupsAreFound(t *testing.T) {
	l := newLab(t)
	for _, name := range []string{"b", "app/one", "app/two", "App/x", "z-app"} {
		class, tags := "STANDARD", `{"env":"test"}`
		if strings.HasPrefix(name, "app") {
			class, tags = "INFREQUENT_ACCESS", `{"env":"prod-eu","team":"x"}`
		}
		l.must("CreateLogGroup", fmt.Sprintf(`{"logGroupName":%q,"logGroupClass":%q,"tags":%s}`, name, class, tags))
	}
	for _, tt := range []struct{ op, body, want string }{
		{"DescribeLogGroups", `{}`, "App/x app/one app/two b z-app"},
		{"DescribeLogGroups", `{"logGroupNamePrefix":"app"}`, "app/one app/two"},
		{"DescribeLogGroups", `{"logGroupNamePattern":"app"}`, "app/one app/two z-app"},
		{"DescribeLogGroups", `{"logGroupClass":"INFREQUENT_ACCESS"}`, "app/one app/two"},
		{"DescribeLogGroups", `{"logGroupIdentifiers":["b","arn:aws:logs:us-east-1:000000000000:log-group:z-app","no"]}`, "b z-app"},
		{"DescribeLogGroups", `{"accountIdentifiers":["111111111111"],"includeLinkedAccounts":true}`, ""},
		{"DescribeLogGroups", `{"accountIdentifiers":["000000000000"]}`, "App/x app/one app/two b z-app"},
		{"ListLogGroups", `{}`, "App/x app/one app/two b z-app"},
		{"ListLogGroups", `{"logGroupNamePattern":"app"}`, "app/one app/two z-app"},
		{"ListLogGroups", `{"logGroupNamePattern":"^app|App"}`, "App/x app/one app/two"},
		{"ListLogGroups", `{"logGroupClass":"STANDARD"}`, "App/x b z-app"},
		{"ListLogGroups", `{"logGroupTags":[{"key":"team"}]}`, "app/one app/two"},
		{"ListLogGroups", `{"logGroupTags":[{"key":"env","values":["prod*"]}]}`, "app/one app/two"},
		{"ListLogGroups", `{"logGroupTags":[{"key":"env","values":["*eu","test"]}]}`, "App/x app/one app/two b z-app"},
		{"ListLogGroups", `{"logGroupTags":[{"key":"env","values":["!*rod*"]}]}`, "App/x b z-app"},
		{"ListLogGroups", `{"logGroupTags":[{"key":"env","values":["test"]},{"key":"team"}]}`, ""},
		{"ListLogGroups", `{"dataSources":[{"name":"vpc"}]}`, ""},
		{"ListLogGroups", `{"fieldIndexNames":["f"]}`, ""},
	} {
		if got := l.groups(tt.op, tt.body); got.names() != tt.want || got.NextToken != nil {
			t.Errorf("%s %s: got %q (token %v), want %q", tt.op, tt.body, got.names(), got.NextToken, tt.want)
		}
	}
}

func TestGroupsComeInPages(t *testing.T) {
	l := newLab(t)
	var all []string
	for i := range 55 {
		name := fmt.Sprintf("g%02d", i)
		all = append(all, name)
		l.must("CreateLogGroup", fmt.Sprintf(`{"logGroupName":%q}`, name))
	}
	for _, op := range []string{"DescribeLogGroups", "ListLogGroups"} {
		first := l.groups(op, `{}`)
		if len(first.LogGroups) != 50 || first.NextToken == nil {
			t.Fatalf("%s: %d groups, token %v; want 50 and a token", op, len(first.LogGroups), first.NextToken)
		}
		second := l.groups(op, fmt.Sprintf(`{"nextToken":%q}`, *first.NextToken))
		if got := first.names() + " " + second.names(); got != strings.Join(all, " ") || second.NextToken != nil {
			t.Errorf("%s: got %q", op, got)
		}
	}
	exact := l.groups("DescribeLogGroups", `{"limit":5,"logGroupNamePrefix":"g5"}`)
	if len(exact.LogGroups) != 5 || exact.NextToken != nil {
		t.Errorf("a page that is just full: %d groups, token %v", len(exact.LogGroups), exact.NextToken)
	}
}

func TestRegionOfTheSignatureWins(t *testing.T) {
	l := newLab(t)
	r := request("CreateLogGroup", `{"logGroupName":"g"}`)
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKID/20260101/cn-north-1/logs/aws4_request, SignedHeaders=host, Signature=0")
	if w := l.send(r); w.Code != 200 {
		t.Fatal(outcome(w))
	}
	if got := l.groups("DescribeLogGroups", `{}`).names(); got != "" {
		t.Errorf("the default region has %q", got)
	}
	r = request("DescribeLogGroups", `{}`)
	r.URL.RawQuery = "X-Amz-Credential=AKID%2F20260101%2Fcn-north-1%2Flogs%2Faws4_request"
	if got := l.send(r).Body.String(); !strings.Contains(got, `"arn:aws-cn:logs:cn-north-1:000000000000:log-group:g"`) {
		t.Errorf("the region of the signature has %s", got)
	}
}

func TestTagsOfGroups(t *testing.T) {
	const arn = `"resourceArn":"arn:aws:logs:us-east-1:000000000000:log-group:g"`
	l := newLab(t)
	l.must("CreateLogGroup", `{"logGroupName":"g"}`)
	expect := func(want string) {
		t.Helper()
		for _, got := range []string{l.must("ListTagsForResource", `{`+arn+`}`), l.must("ListTagsLogGroup", `{"logGroupName":"g"}`)} {
			if got != `{"tags":`+want+`}` {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	}
	expect(`{}`)
	l.must("TagResource", `{`+arn+`,"tags":{"a":"1","b":"2"}}`)
	l.must("TagLogGroup", `{"logGroupName":"g","tags":{"b":"3","c":""}}`)
	expect(`{"a":"1","b":"3","c":""}`)
	l.must("UntagResource", `{`+arn+`,"tagKeys":["a","none"]}`)
	l.must("UntagLogGroup", `{"logGroupName":"g","tags":["c"]}`)
	expect(`{"b":"3"}`)

	many := map[string]string{}
	for i := range 50 {
		many[fmt.Sprint("k", i)] = ""
	}
	tags, err := json.Marshal(many)
	if err != nil {
		t.Fatal(err)
	}
	w := l.send(request("TagResource", `{`+arn+`,"tags":`+string(tags)+`}`))
	if !strings.Contains(w.Body.String(), `"__type":"TooManyTagsException"`) || !strings.Contains(w.Body.String(), `"resourceName":"arn:`) {
		t.Errorf("51 tags: %s", w.Body)
	}
	if got := l.call("TagLogGroup", `{"logGroupName":"g","tags":`+string(tags)+`}`); !strings.HasPrefix(got, "InvalidParameterException: ") {
		t.Errorf("51 tags, the older way: %s", got)
	}
	expect(`{"b":"3"}`)
}

func TestDeletionProtectionHoldsOffDeletion(t *testing.T) {
	const refusal = "ValidationException: The log group g has deletion protection enabled. Disable it with PutLogGroupDeletionProtection before deleting."
	l := newLab(t)
	l.must("CreateLogGroup", `{"logGroupName":"g","deletionProtectionEnabled":true}`)
	l.must("CreateLogStream", `{"logGroupName":"g","logStreamName":"s"}`)
	if got := l.call("DeleteLogGroup", `{"logGroupName":"g"}`); got != refusal {
		t.Errorf("DeleteLogGroup: %s", got)
	}
	if got := l.call("DeleteLogStream", `{"logGroupName":"g","logStreamName":"s"}`); got != refusal {
		t.Errorf("DeleteLogStream: %s", got)
	}
	l.must("PutLogGroupDeletionProtection", `{"logGroupIdentifier":"arn:aws:logs:us-east-1:000000000000:log-group:g","deletionProtectionEnabled":false}`)
	l.must("DeleteLogStream", `{"logGroupName":"g","logStreamName":"s"}`)
	l.must("DeleteLogGroup", `{"logGroupName":"g"}`)
	if got := l.call("DeleteLogGroup", `{"logGroupName":"g"}`); got != noGroup {
		t.Errorf("again: %s", got)
	}
}

func TestOperationsWithoutOutputAnswerNothing(t *testing.T) {
	if got := newLab(t).must("CreateLogGroup", `{"logGroupName":"g"}`); got != "" {
		t.Errorf("got %q", got)
	}
}
