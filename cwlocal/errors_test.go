package cwlocal_test

import (
	"strings"
	"testing"
)

const (
	noGroup  = "ResourceNotFoundException: The specified log group does not exist."
	noStream = "ResourceNotFoundException: The specified log stream does not exist."
	tooLong  = "InvalidParameterException: Invalid LogGroup or LogStream, both must have length less than or equal to 512."
)

// invalid is one validation error.
func invalid(value, member, constraint string) string {
	return "InvalidParameterException: 1 validation error detected: Value " + value + " at '" + member + "' failed to satisfy constraint: " + constraint
}

// TestErrorsAreTheServices lists requests beside the answers of the service,
// recorded ones where there are, with a group g that has a stream s.
func TestErrorsAreTheServices(t *testing.T) {
	const (
		null       = "Member must not be null"
		namesMatch = `Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+`
		exclusive  = "ValidationException: LogGroup name and LogGroup ARN are mutually exclusive parameters."
	)
	long := strings.Repeat("x", 513)
	for _, tt := range []struct{ op, body, want string }{
		{"CreateLogGroup", `{}`, invalid("null", "logGroupName", null)},
		{"CreateLogGroup", `{"logGroupName":"g"}`, "ResourceAlreadyExistsException: The specified log group already exists"},
		{"CreateLogGroup", `{"logGroupName":"a b"}`, invalid("'a b'", "logGroupName", namesMatch)},
		{"CreateLogGroup", `{"logGroupName":"` + long + `"}`, tooLong},
		{"CreateLogGroup", `{"logGroupName":"aws/x"}`, "InvalidParameterException: Log groups starting with AWS/ are reserved for AWS."},
		{"CreateLogGroup", `{"logGroupName":""}`, "InvalidParameterException: 2 validation errors detected: Value '' at 'logGroupName' failed to satisfy constraint: Member must have length greater than or equal to 1; Value '' at 'logGroupName' failed to satisfy constraint: " + namesMatch},
		{"CreateLogGroup", `{"logGroupName":"h","logGroupClass":"GOLD"}`, invalid("'GOLD'", "logGroupClass", "Member must satisfy enum value set: [STANDARD, INFREQUENT_ACCESS, DELIVERY]")},
		{"CreateLogGroup", `{"logGroupName":"h","kmsKeyId":"` + long + `"}`, invalid("'"+long+"'", "kmsKeyId", "Member must have length less than or equal to 256")},
		{"CreateLogGroup", `{"logGroupName":"h","tags":{"aws:x":"y"}}`, "InvalidParameterException: aws: prefixed tag key names are not allowed for external use."},
		{"CreateLogGroup", `{"logGroupName":"h","tags":{}}`, invalid("'{}'", "tags", "Member must have length greater than or equal to 1")},
		{"CreateLogGroup", `{"logGroupName":"h","tags":{"k":"\""}}`, invalid(`'{k="}'`, "tags", `Map value must satisfy constraint: [Member must have length less than or equal to 256, Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: ^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$]`)},
		{"CreateLogGroup", `{"logGroupName":1}`, "SerializationException: member 'logGroupName': a number cannot be converted to a string (at byte 16)"},
		{"CreateLogGroup", `{"logGroupName":`, "SerializationException: the body ends where a value of type string should be (at byte 16)"},
		{"CreateLogGroup", `[]`, "SerializationException: a list cannot be converted to a structure (at byte 0)"},

		{"DeleteLogGroup", `{"logGroupName":"h"}`, noGroup},
		{"CreateLogStream", `{"logGroupName":"h","logStreamName":"s"}`, noGroup},
		{"CreateLogStream", `{"logGroupName":"g","logStreamName":"s"}`, "ResourceAlreadyExistsException: The specified log stream already exists"},
		{"CreateLogStream", `{"logGroupName":"g","logStreamName":"` + long + `"}`, tooLong},
		{"CreateLogStream", `{"logGroupName":"g","logStreamName":"a:b"}`, invalid("'a:b'", "logStreamName", "Member must satisfy regular expression pattern: [^:*]*")},
		{"DeleteLogStream", `{"logGroupName":"h","logStreamName":"s"}`, noGroup},
		{"DeleteLogStream", `{"logGroupName":"g","logStreamName":"t"}`, noStream},

		{"PutLogEvents", `{"logGroupName":"h","logStreamName":"s","logEvents":[{"timestamp":1,"message":"m"}]}`, noGroup},
		{"PutLogEvents", `{"logGroupName":"g","logStreamName":"t","logEvents":[{"timestamp":1,"message":"m"}]}`, noStream},
		{"PutLogEvents", `{"logGroupName":"g","logStreamName":"s"}`, invalid("null", "logEvents", null)},
		{"PutLogEvents", `{"logGroupName":"g","logStreamName":"s","logEvents":[]}`, invalid("'[]'", "logEvents", "Member must have length greater than or equal to 1")},
		{"PutLogEvents", `{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":1}]}`, invalid("null", "logEvents.1.member.message", null)},
		{"PutLogEvents", `{"logGroupName":"g","logStreamName":"s","logEvents":[{"message":"m"}]}`, invalid("null", "logEvents.1.member.timestamp", null)},
		{"PutLogEvents", `{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":1,"message":""}]}`, invalid("''", "logEvents.1.member.message", "Member must have length greater than or equal to 1")},
		{"PutLogEvents", `{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":-1,"message":"m"}]}`, invalid("'-1'", "logEvents.1.member.timestamp", "Member must have value greater than or equal to 0")},
		{"PutLogEvents", `{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":"1","message":"m"}]}`, "SerializationException: member 'timestamp': a string cannot be converted to a long (at byte 66)"},

		{"GetLogEvents", `{"logGroupName":"g","logStreamName":"s","limit":10001}`, invalid("'10001'", "limit", "Member must have value less than or equal to 10000")},
		{"GetLogEvents", `{"logGroupName":"g","logStreamName":"s","limit":0}`, invalid("'0'", "limit", "Member must have value greater than or equal to 1")},
		{"GetLogEvents", `{"logGroupName":"g","logStreamName":"s","nextToken":"f/123"}`, "InvalidParameterException: The specified nextToken is invalid."},
		{"GetLogEvents", `{"logGroupName":"g","logGroupIdentifier":"g","logStreamName":"s"}`, exclusive},
		{"GetLogEvents", `{"logStreamName":"s"}`, invalid("null", "logGroupName", null)},
		{"GetLogEvents", `{"logGroupName":"h","logStreamName":"s"}`, noGroup},
		{"GetLogEvents", `{"logGroupName":"g","logStreamName":"t"}`, noStream},
		{"GetLogEvents", `{"logGroupIdentifier":"arn:aws:logs:us-east-1:111111111111:log-group:g","logStreamName":"s"}`, noGroup},
		{"GetLogEvents", `{"logGroupIdentifier":"arn:aws:logs:us-east-1:000000000000:log-group:g:*","logStreamName":"s"}`, invalid("'arn:aws:logs:us-east-1:000000000000:log-group:g:*'", "logGroupIdentifier", `Member must satisfy regular expression pattern: [\w#+=/:,.@-]*`)},

		{"FilterLogEvents", `{"logGroupName":"h"}`, noGroup},
		{"FilterLogEvents", `{"logGroupName":"g","nextToken":"x"}`, "InvalidParameterException: The specified nextToken is invalid."},
		{"FilterLogEvents", `{"logGroupName":"g","logGroupIdentifier":"g"}`, exclusive},
		{"FilterLogEvents", `{"logGroupName":"g","logStreamNames":["s","t"]}`, noStream},
		{"FilterLogEvents", `{"logGroupName":"g","logStreamNames":["a:b"]}`, invalid("'[a:b]'", "logStreamNames", "Member must satisfy constraint: [Member must have length less than or equal to 512, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [^:*]*]")},
		{"FilterLogEvents", `{"logGroupName":"g","logStreamNames":["s"],"logStreamNamePrefix":"s"}`, "InvalidParameterException: LogStream names and LogStream name prefix are mutually exclusive parameters."},
		{"FilterLogEvents", `{"logGroupName":"g","startFromHead":false}`, "InvalidParameterException: startFromHead can be false only when startTime is on or after Jan 1, 2024 00:00:00 UTC."},
		{"FilterLogEvents", `{"logGroupName":"g","filterPattern":"a-b"}`, "InvalidParameterException: Invalid character(s) in term 'a-b'"},
		{"FilterLogEvents", `{"logGroupName":"g","filterPattern":"{ $.x = 1 }"}`, `InvalidParameterException: JSON filter patterns are not supported here; use terms, such as ERROR -"timed out"`},
		{"FilterLogEvents", `{"logGroupName":"g","filterPattern":"` + strings.Repeat("x", 1025) + `"}`, invalid("'"+strings.Repeat("x", 1025)+"'", "filterPattern", "Member must have length less than or equal to 1024")},

		{"DescribeLogGroups", `{"logGroupNamePrefix":"g","logGroupNamePattern":"g"}`, "InvalidParameterException: LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."},
		{"DescribeLogGroups", `{"limit":51}`, invalid("'51'", "limit", "Member must have value less than or equal to 50")},
		{"DescribeLogGroups", `{"logGroupIdentifiers":["g"],"limit":1}`, "InvalidParameterException: LogGroup identifiers can be combined with includeLinkedAccounts only."},
		{"DescribeLogGroups", `{"nextToken":"g"}`, "InvalidParameterException: The specified nextToken is invalid."},
		{"DescribeLogStreams", `{"logGroupName":"g","logGroupIdentifier":"g"}`, exclusive},
		{"DescribeLogStreams", `{"logGroupName":"g","orderBy":"LastEventTime","logStreamNamePrefix":"s"}`, "InvalidParameterException: Cannot order by LastEventTime with a logStreamNamePrefix."},
		{"DescribeLogStreams", `{"logGroupName":"h"}`, noGroup},
		{"ListLogGroups", `{"logGroupNamePattern":"ab"}`, "InvalidParameterException: 2 validation errors detected: Value 'ab' at 'logGroupNamePattern' failed to satisfy constraint: Member must have length greater than or equal to 3; Value 'ab' at 'logGroupNamePattern' failed to satisfy constraint: Member must satisfy regular expression pattern: " + `(\^?[\.\-_\/#A-Za-z0-9]{3,24})(\|\^?[\.\-_\/#A-Za-z0-9]{3,24}){0,4}`},
		{"ListLogGroups", `{"limit":1001}`, invalid("'1001'", "limit", "Member must have value less than or equal to 1000")},

		{"PutRetentionPolicy", `{"logGroupName":"g","retentionInDays":4}`, invalid("'4'", "retentionInDays", "Member must satisfy enum value set: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]")},
		{"PutRetentionPolicy", `{"logGroupName":"g"}`, invalid("null", "retentionInDays", null)},
		{"PutRetentionPolicy", `{"logGroupName":"h","retentionInDays":7}`, noGroup},
		{"DeleteRetentionPolicy", `{"logGroupName":"h"}`, noGroup},
		{"TagResource", `{"resourceArn":"arn:aws:logs:us-east-1:000000000000:log-group:h","tags":{"a":"b"}}`, noGroup},
		{"TagLogGroup", `{"logGroupName":"h","tags":{"a":"b"}}`, noGroup},
		{"UntagLogGroup", `{"logGroupName":"g","tags":[]}`, invalid("'[]'", "tags", "Member must have length greater than or equal to 1")},
		{"ListTagsLogGroup", `{"logGroupName":"h"}`, noGroup},
		{"AssociateKmsKey", `{"logGroupName":"g"}`, invalid("null", "kmsKeyId", null)},
		{"AssociateKmsKey", `{"kmsKeyId":"k"}`, "InvalidParameterException: Specify either logGroupName or resourceIdentifier, and not both."},
		{"DisassociateKmsKey", `{"logGroupName":"h"}`, noGroup},
		{"PutLogGroupDeletionProtection", `{"logGroupIdentifier":"h","deletionProtectionEnabled":true}`, noGroup},
		{"PutMetricFilter", `{}`, "InvalidOperationException: watchtower local does not serve PutMetricFilter: there are no metrics to make of events; see docs/api-coverage.md"},
		{"PutEverything", `{}`, `UnknownOperationException: the service has no operation "Logs_20140328.PutEverything"`},
	} {
		t.Run(tt.op, func(t *testing.T) {
			l := newLab(t)
			l.stream()
			if got := l.call(tt.op, tt.body); got != tt.want {
				t.Errorf("%.100s\n got %.400s\nwant %.400s", tt.body, got, tt.want)
			}
		})
	}
}

func TestEveryErrorNamesItselfInTheHeader(t *testing.T) {
	l := newLab(t)
	w := l.send(request("DeleteLogGroup", `{"logGroupName":"h"}`))
	if got := w.Header().Get("X-Amzn-ErrorType"); got != "ResourceNotFoundException" {
		t.Errorf("X-Amzn-ErrorType is %q", got)
	}
	if got := w.Header().Get("X-Amzn-RequestId"); len(got) != 36 {
		t.Errorf("X-Amzn-RequestId is %q, want a UUID", got)
	}
	if got := w.Header().Get("Content-Type"); got != "application/x-amz-json-1.1" {
		t.Errorf("Content-Type is %q", got)
	}
}
