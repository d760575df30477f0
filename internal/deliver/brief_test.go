package deliver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"syscall"
	"testing"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// posted is what the SDK makes of a request that got no answer.
func posted(cause error) error {
	return &smithy.OperationError{ServiceID: "CloudWatch Logs", OperationName: "PutLogEvents", Err: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{}},
		Err:      &smithyhttp.RequestSendError{Err: &url.Error{Op: "Post", URL: "http://logs.test/", Err: cause}},
	}}
}

func TestErrorsOfConnectionsAreBrief(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{Port: 1}, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	unknown := &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "logs.test", IsNotFound: true}}
	broken := &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	imds := &smithy.OperationError{ServiceID: "ec2imds", OperationName: "GetMetadata", Err: errors.New("disabled")}
	advice := "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or run where there is a role"
	other := errors.New("something else")
	answered := posted(other)
	answer, _ := errors.AsType[*smithyhttp.ResponseError](answered)
	answer.Response.StatusCode = http.StatusBadGateway
	imdsAnswered := &smithy.OperationError{ServiceID: "ec2imds", OperationName: "GetMetadata", Err: answer}
	for _, c := range []struct {
		err  error
		want string
	}{
		{posted(refused), "cannot reach http://logs.test/: connection refused"},
		{posted(unknown), "cannot reach http://logs.test/: no such host"},
		{posted(&net.OpError{Op: "proxyconnect", Net: "tcp", Err: refused}), "cannot reach http://logs.test/: proxyconnect tcp: dial tcp :1: connect: connection refused"},
		{posted(broken), "no answer from http://logs.test/: connection reset by peer"},
		{posted(context.DeadlineExceeded), "no answer from http://logs.test/: context deadline exceeded"},
		{posted(&net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}), "cannot reach http://logs.test/: i/o timeout"},
		{fmt.Errorf("get identity: %w", &credentialsError{fmt.Errorf("no EC2 IMDS role found, %w", imds)}), advice},
		{fmt.Errorf("get identity: %w", &credentialsError{imdsAnswered}), advice},
		{fmt.Errorf("get identity: %w", &credentialsError{other}), advice + ": something else"},
		{other, "something else"},
	} {
		got := brief(c.err)
		if got.Error() != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
		if was, now := Classify(c.err), Classify(got); was != now {
			t.Errorf("%s: it was %+v and is %+v", c.want, was, now)
		}
	}
	if brief(answered) != answered || brief(nil) != nil {
		t.Error("an answer is not given as it is")
	}
}
