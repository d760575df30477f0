package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// errNoRegion is a connection to AWS without a region.
var errNoRegion = withHints(errors.New("no AWS region is set"),
	"name it with --region, or set AWS_REGION, or a region in the profile",
	"for a local server: --endpoint-url http://127.0.0.1:4586")

// explainConfig says what is wrong with the shared AWS configuration.
func explainConfig(err error) error {
	if e, ok := errors.AsType[config.SharedConfigProfileNotExistError](err); ok {
		return withHints(fmt.Errorf("there is no AWS profile %q", e.Profile),
			"list the profiles with: aws configure list-profiles")
	}
	return withHints(fmt.Errorf("read the AWS configuration: %w", err),
		"look at ~/.aws/config and ~/.aws/credentials")
}

// explainCredentials says why there are no credentials to sign a call with.
func explainCredentials(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if _, ok := errors.AsType[*ssocreds.InvalidTokenError](err); ok {
		return withHints(errors.New("the AWS sign-in has expired"), "sign in again with: aws sso login")
	}
	if e, ok := errors.AsType[*processcreds.ProviderError](err); ok {
		return withHints(fmt.Errorf("the profile's credential_process failed: %w", e.Err),
			"run that command by hand, or name another profile with --profile")
	}
	// A call that a provider made (to assume a role, say) was answered.
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return withHints(fmt.Errorf("no AWS credentials: %s: %s", e.ErrorCode(), e.ErrorMessage()),
			"look at the role and the source of the profile: aws sts get-caller-identity")
	}
	return withHints(errors.New("no AWS credentials were found"),
		"set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile with --profile, or sign in: aws sso login",
		"without an AWS account: watchtower demo, watchtower local")
}

// explain turns the failure of a call into what its reader can understand and
// do. It goes by types and error codes, which are a contract, not by message
// texts, which are not. what names the thing that the call was about.
func (c *connection) explain(err error, what string) error {
	if errors.Is(err, context.Canceled) {
		return context.Canceled
	}
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return c.explainAnswer(err, e, what)
	}
	return c.explainSilence(err)
}

// explainAnswer is for errors that the service answered.
func (c *connection) explainAnswer(err error, e smithy.APIError, what string) error {
	switch e.ErrorCode() {
	case "ResourceNotFoundException":
		return withHints(fmt.Errorf("%s does not exist in %s", what, c.placeInRegion()), c.elsewhere())
	case "AccessDeniedException", "AccessDenied", "NotAuthorized":
		return withHints(fmt.Errorf("access to %s is denied", what),
			fmt.Sprintf("the identity needs the IAM action %s; see who it is with: aws sts get-caller-identity", action(err)),
			"the service said: "+e.ErrorMessage())
	case "ExpiredTokenException", "ExpiredToken", "RequestExpired":
		return withHints(errors.New("the AWS credentials have expired"),
			"sign in again (aws sso login), or renew AWS_SESSION_TOKEN and its keys")
	case "UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException",
		"SignatureDoesNotMatch", "IncompleteSignature", "MissingAuthenticationToken":
		return withHints(fmt.Errorf("%s does not accept the AWS credentials (%s)", c.place(), e.ErrorCode()),
			"check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile",
			"the service said: "+e.ErrorMessage())
	case "OptInRequired", "UnknownOperationException":
		hints := []string{"try another --region or server"}
		if said := e.ErrorMessage(); said != "" {
			hints = append(hints, "the service said: "+said)
		}
		return withHints(fmt.Errorf("%s does not offer %s", c.place(), action(err)), hints...)
	}
	// These were tried again before: it is no passing weakness.
	if e.ErrorFault() == smithy.FaultServer || throttles(e.ErrorCode()) {
		return withHints(fmt.Errorf("%s is too busy: %s: %s", c.place(), e.ErrorCode(), e.ErrorMessage()), "try again in a minute")
	}
	return withHints(fmt.Errorf("%s refused %s: %s: %s", c.place(), action(err), e.ErrorCode(), e.ErrorMessage()), c.requestID(err)...)
}

// throttles tells whether a code asks for patience, which had its end.
func throttles(code string) bool {
	return code == "ThrottlingException" || code == "Throttling" || code == "ServiceUnavailableException"
}

// explainSilence is for calls that brought no answer of the service.
func (c *connection) explainSilence(err error) error {
	switch {
	case isType[*net.DNSError](err):
		return withHints(fmt.Errorf("the address of %s cannot be resolved", c.place()), c.reachHints()...)
	case isType[*tls.CertificateVerificationError](err):
		return withHints(fmt.Errorf("the certificate of %s is not trusted: %w", c.place(), cause(err)),
			"behind a proxy that opens TLS, set AWS_CA_BUNDLE to its certificate")
	case errors.Is(err, http.ErrSchemeMismatch):
		return withHints(fmt.Errorf("cannot reach %s: it speaks plain HTTP", c.place()), "write http:// in --endpoint-url (or AWS_ENDPOINT_URL)")
	case isType[*smithyhttp.RequestSendError](err):
		return withHints(fmt.Errorf("cannot reach %s: %w", c.place(), cause(err)), c.reachHints()...)
	// An answer that is not in the protocol: a web server, a proxy's page.
	case isType[*smithyhttp.ResponseError](err), isType[*smithy.DeserializationError](err):
		return withHints(fmt.Errorf("%s does not answer like CloudWatch Logs: %w", c.place(), err),
			"is that the right --endpoint-url?")
	}
	return fmt.Errorf("%s: %w", c.place(), err)
}

// place names the other end.
func (c *connection) place() string {
	if c.server != "" {
		return c.server
	}
	return "CloudWatch Logs in " + c.region
}

// placeInRegion names the other end with its region: servers too keep the
// regions apart, and one that was chosen unasked is a usual mistake.
func (c *connection) placeInRegion() string {
	if c.server != "" {
		return c.server + ", region " + c.region
	}
	return c.place()
}

// elsewhere is where else a group may be that is not in placeInRegion.
func (c *connection) elsewhere() string {
	if isLoopback(c.server) {
		return "is it in another region? name it with --region"
	}
	return "is it in another region? name it with --region; or in another account? --profile"
}

// reachHints is what to check when nobody answers.
func (c *connection) reachHints() []string {
	switch {
	case isLoopback(c.server):
		return []string{"is the server running? start it with: watchtower local"}
	case c.server != "":
		return []string{"check --endpoint-url (or AWS_ENDPOINT_URL) and that the server runs"}
	}
	return []string{"check the network, HTTPS_PROXY, and the name of the region"}
}

// action is the IAM action that permits the call that failed.
func action(err error) string {
	if op, ok := errors.AsType[*smithy.OperationError](err); ok {
		return "logs:" + op.Operation()
	}
	return "logs:*"
}

// requestID is what AWS support asks for, which knows nothing of a server on
// this machine.
func (c *connection) requestID(err error) []string {
	if r, ok := errors.AsType[*awshttp.ResponseError](err); ok && r.RequestID != "" && !isLoopback(c.server) {
		return []string{"the request's id, for AWS support: " + r.RequestID}
	}
	return nil
}

// cause is the error of the network below those of the SDK, whose text
// repeats the operation and the attempts.
func cause(err error) error {
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*net.OpError](err); ok {
		return e
	}
	if e, ok := errors.AsType[*smithyhttp.RequestSendError](err); ok {
		return e.Err
	}
	return err
}

// isType tells whether an error of a type is in the chain of err.
func isType[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
