package watchlambda

import (
	"cmp"
	"context"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Keys of the attributes of an invocation. The first two are those of the log
// handler of newer versions of aws-lambda-go (lambdacontext.NewLogHandler), so that
// one query finds a request in both log groups.
const (
	KeyRequestID   = "requestId"   // of the invocation
	KeyFunctionARN = "functionArn" // as it was invoked, with the version or alias if the caller gave one
	KeyXRayTraceID = "xrayTraceId" // the root of the trace, as in 1-5759e988-bd862e3fe1be46a994272793
	KeyColdStart   = "coldStart"   // true in the first invocation of an environment
)

// An invocation is what is known of one event. It does not change.
type invocation struct {
	requestID string
	attrs     []slog.Attr
}

// newInvocation reads what aws-lambda-go has put into the context.
func newInvocation(ctx context.Context, cold bool) *invocation {
	inv := new(invocation)
	add := func(key, value string) {
		if value != "" {
			inv.attrs = append(inv.attrs, slog.String(key, value))
		}
	}
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		inv.requestID = lc.AwsRequestID
		add(KeyRequestID, lc.AwsRequestID)
		add(KeyFunctionARN, lc.InvokedFunctionArn)
	}
	header, _ := ctx.Value("x-amzn-trace-id").(string) // the key of aws-lambda-go
	add(KeyXRayTraceID, traceRoot(cmp.Or(header, os.Getenv("_X_AMZN_TRACE_ID"))))
	inv.attrs = append(inv.attrs, slog.Bool(KeyColdStart, cold))
	return inv
}

type invocationKey struct{}

// into returns a context that knows the invocation.
func (inv *invocation) into(ctx context.Context) context.Context {
	return context.WithValue(ctx, invocationKey{}, inv)
}

// Attrs returns what is known of the invocation that ctx is the context of, or
// was made of: the request's id, the function's ARN, the X-Ray trace and whether
// it is a cold start. Outside an invocation it returns nil. The slice must not be
// changed. It is meant for ContextAttrs of watchtower.Options; records that are
// logged with the context (slog.InfoContext, and so on) have these attributes then.
func Attrs(ctx context.Context) []slog.Attr {
	if inv, ok := ctx.Value(invocationKey{}).(*invocation); ok {
		return inv.attrs
	}
	return nil
}

// requestID is that of the invocation, or empty.
func requestID(ctx context.Context) string {
	if inv, ok := ctx.Value(invocationKey{}).(*invocation); ok {
		return inv.requestID
	}
	return ""
}

// deadline is the end of the function's time, or zero.
func deadline(ctx context.Context) time.Time {
	end, _ := ctx.Deadline()
	return end
}

// traceRoot takes the trace's id out of a tracing header, such as
// Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1:
// https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
// What is no such id is left out: callers may send the header, and anything in it.
func traceRoot(header string) string {
	for field := range strings.SplitSeq(header, ";") {
		if key, value, _ := strings.Cut(strings.TrimSpace(field), "="); key == "Root" {
			if isTraceID(value) {
				return value
			}
			return ""
		}
	}
	return ""
}

func isTraceID(id string) bool {
	const form = "1-xxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxx"
	if len(id) != len(form) {
		return false
	}
	for i := range len(form) {
		c, hex := id[i], form[i] == 'x'
		if !hex && c != form[i] || hex && (c < '0' || '9' < c) && (c < 'a' || 'f' < c) {
			return false
		}
	}
	return true
}
