package deliver

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

const (
	// serializerID names the step of the SDK's stack that writes the input of
	// an operation into the request. Ours takes its place.
	serializerID = "OperationSerializer"
	// protocolID is the protocol that a ready body is written in.
	protocolID = "aws.protocols#awsJson1_1"
)

// A readyBody takes the place of the SDK's serializer for one request: the
// body is what we were given, the headers are those that the serializer would
// have set.
type readyBody struct {
	protocol   smithyhttp.ClientProtocol // what the client speaks
	load       *payload
	compressed bool
}

// addTo puts b into the stack of one operation.
func (b *readyBody) addTo(stack *middleware.Stack) error {
	if b.protocol == nil {
		return &ProtocolError{}
	}
	if id := b.protocol.ID().String(); id != protocolID {
		return &ProtocolError{Protocol: id}
	}
	if _, err := stack.Serialize.Swap(serializerID, b); err != nil {
		return fmt.Errorf("replace the SDK's serializer: %w", err)
	}
	return nil
}

// ID is that of the step it replaces, so that others who place themselves
// before or after that step still find it.
func (*readyBody) ID() string { return serializerID }

// HandleSerialize sets up the request around the ready body.
func (b *readyBody) HandleSerialize(
	ctx context.Context, in middleware.SerializeInput, next middleware.SerializeHandler,
) (out middleware.SerializeOutput, md middleware.Metadata, err error) {
	req, ok := in.Request.(*smithyhttp.Request)
	if !ok {
		return out, md, fmt.Errorf("unexpected transport type %T", in.Request)
	}
	req.Method = http.MethodPost
	if req.URL.Path == "" {
		req.URL.Path = "/"
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "Logs_20140328.PutLogEvents")
	if b.compressed {
		req.Header.Set("Content-Encoding", "gzip")
	}
	if req, err = b.load.into(req); err != nil {
		return out, md, err
	}
	in.Request = req

	// The SDK would read the body through the reader to hash it; here it is
	// in one piece.
	ctx = v4.SetPayloadHash(ctx, sha256Hex(b.load.body))
	return next.HandleSerialize(ctx, in)
}

// sha256Hex returns the hash of a body as a signature wants it.
func sha256Hex(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// A ProtocolError is the failure of putting a ready body through a client that
// speaks another protocol than awsJson1_1, the one it is written in.
type ProtocolError struct {
	// Protocol is the shape ID of the client's protocol, empty if it has none.
	Protocol string
}

func (e *ProtocolError) Error() string {
	return fmt.Sprintf("the client's protocol is %q, not %s", e.Protocol, protocolID)
}
