package cwlocal_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower/cwlocal"
)

// TestNoInputIsAnInternalFailure gives each member that any operation has each
// of many values, beside members that are right. Whatever comes of it is a
// success or the client's fault, and JSON.
func TestNoInputIsAnInternalFailure(t *testing.T) {
	const arn = "arn:aws:logs:us-east-1:000000000000:log-group:g"
	long := strings.Repeat("é", 600)
	right := map[string]string{
		"logGroupName": `"g"`, "logStreamName": `"s"`, "logGroupIdentifier": `"g"`, "resourceArn": `"` + arn + `"`,
		"logEvents": `[{"timestamp":1,"message":"m"}]`, "tags": `{"k":"v"}`, "tagKeys": `["k"]`, "kmsKeyId": `"k"`,
		"retentionInDays": `1`, "deletionProtectionEnabled": `false`,
	}
	members := strings.Fields(`logGroupName logStreamName logGroupIdentifier resourceArn resourceIdentifier logEvents tags tagKeys kmsKeyId
		retentionInDays deletionProtectionEnabled logGroupClass entity sequenceToken nextToken limit startTime endTime startFromHead unmask
		interleaved filterPattern logStreamNames logStreamNamePrefix logGroupNamePrefix logGroupNamePattern orderBy descending
		accountIdentifiers logGroupIdentifiers includeLinkedAccounts dataSources fieldIndexNames logGroupTags unknown`)
	values := []string{
		`null`, `true`, `0`, `-1`, `1`, `1e3`, `9223372036854775807`, `-9223372036854775808`, `9223372036854775808`, `""`, `"\u0000"`, `"a:*"`,
		`"` + long + `"`, `"` + arn + `"`, `"` + arn + `:*"`, `"arn:"`, `"arn:aws:logs:eu-west-1:111111111111:log-group:g"`, `"f/"`, `"AAAA"`,
		`[]`, `[null]`, `[""]`, `["g","g"]`, `[[]]`, `[{}]`, `[{"key":"k","values":["!*"]}]`, `[{"key":null,"values":null}]`, `{}`, `{"":""}`, `{"k":null}`,
		`{"keyAttributes":{"Type":"Service"},"attributes":null}`, `[{"timestamp":-1,"message":""}]`, `[{"timestamp":9223372036854775807,"message":"m"},{"timestamp":0,"message":"m"}]`,
		`[{"timestamp":null,"message":"m","message":null}]`, `"?a ?b -\"c d\" -"`, `"{ $.a = 1 }"`, `"^abc|def"`,
	}
	for _, op := range cwlocal.Operations() {
		if op.Status == cwlocal.Refused {
			continue
		}
		l := newLab(t)
		l.stream()
		for _, member := range members {
			if strings.HasPrefix(op.Name, "Delete") {
				l.call("CreateLogGroup", `{"logGroupName":"g"}`)
				l.call("CreateLogStream", `{"logGroupName":"g","logStreamName":"s"}`)
			}
			for _, value := range values {
				for _, beside := range []bool{true, false} {
					if !beside && len(value) > 10 {
						continue // what is missing counts, not what is there
					}
					var list []string
					for name, v := range right {
						// A group may be named in one way at a time.
						if other := name == "logGroupIdentifier" && op.Name != "PutLogGroupDeletionProtection"; beside && name != member && !other {
							list = append(list, fmt.Sprintf("%q:%s", name, v))
						}
					}
					body := "{" + strings.Join(append(list, fmt.Sprintf("%q:%s", member, value)), ",") + "}"
					w := l.send(request(op.Name, body))
					if w.Code != http.StatusOK && w.Code != http.StatusBadRequest || w.Body.Len() > 0 && !json.Valid(w.Body.Bytes()) {
						t.Errorf("%s %.300s: %d %.300s", op.Name, body, w.Code, w.Body)
					}
				}
			}
		}
	}
}
