package deliver

import (
	"context"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// A tail is the end of the SDK's stack of one put, the steps behind the
// signature. They have places of their own for what goes through them: only one put at
// a time may have them.
//
// It is a step too, the one before these, to watch what comes through.
type tail struct {
	rest   middleware.FinalizeHandler
	signed *smithyhttp.Request // what the SDK has sent through it; nil once that was looked at
	skew   *atomic.Int64       // of the client, in nanoseconds; nil if the SDK keeps none
}

// addTo puts t into a stack. All that others put there must be in it already.
func (t *tail) addTo(stack *middleware.Stack) error {
	if step, ok := stack.Finalize.Get((*retry.Attempt)(nil).ID()); ok {
		if loop, ok := step.(*retry.Attempt); ok {
			t.skew = loop.ClientSkew
		}
	}
	return stack.Finalize.Add(t, middleware.After)
}

// ID tells the step from the SDK's.
func (*tail) ID() string { return "WatchtowerTail" }

// HandleFinalize keeps what comes through.
func (t *tail) HandleFinalize(
	ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
) (middleware.FinalizeOutput, middleware.Metadata, error) {
	t.rest = next
	if req, ok := in.Request.(*smithyhttp.Request); ok {
		t.signed = req.Clone()
	}
	return next.HandleFinalize(ctx, in)
}
