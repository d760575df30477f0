// Package e2e holds the end-to-end tests: the real binary as a process of its
// own, and the clients that people really have, unmodified, talking to it over
// loopback.
//
// Without a build tag, `go test ./...` runs what needs nothing but Go. The tag
// e2e adds what needs the AWS CLI, boto3 and Node.js, and what takes minutes:
//
//	make e2e        # go test -tags e2e -count=1 -timeout 25m ./test/...
//
// Nothing is skipped there: a client that is missing fails its test. What has
// to be installed, and how, stands in .ci/run.
//
// The four clients are driven alike. A test says an operation and its input as
// JSON (see caller), the client makes the call as its users would, and gives
// back what it read as JSON; the tests compare that to the byte.
package e2e
