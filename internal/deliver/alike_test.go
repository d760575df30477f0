package deliver

import (
	"context"
	"io"
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/smithy-go/logging"
	"github.com/aws/smithy-go/middleware"
	"github.com/aws/smithy-go/tracing"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

type endpoint struct {
	cloudwatchlogs.EndpointResolverV2
}
type (
	authScheme   struct{ smithyhttp.AuthScheme }
	authResolver struct {
		cloudwatchlogs.AuthSchemeResolver
	}
	signer        struct{ cloudwatchlogs.HTTPSignerV4 }
	tracer        struct{ tracing.NopTracerProvider }
	beforeSigning struct{}
)

func (beforeSigning) BeforeSigning(context.Context, *smithyhttp.InterceptorContext) error { return nil }

// What users give to their clients may treat each request in another way, so it has to
// see each of them.
func TestWhatUsersAddSeesEachPut(t *testing.T) {
	std := cloudwatchlogs.New(cloudwatchlogs.Options{Region: "eu-central-1"}).Options()
	for name, change := range map[string]func(*cloudwatchlogs.Options){
		"middleware": func(o *cloudwatchlogs.Options) {
			o.APIOptions = append(o.APIOptions, func(*middleware.Stack) error { return nil })
		},
		"interceptor": func(o *cloudwatchlogs.Options) { o.Interceptors.AddBeforeSigning(beforeSigning{}) },
		"endpoint":    func(o *cloudwatchlogs.Options) { o.EndpointResolverV2 = endpoint{std.EndpointResolverV2} },
		"old endpoint": func(o *cloudwatchlogs.Options) {
			old := reflect.ValueOf(cloudwatchlogs.EndpointResolverFromURL("http://logs.test"))
			reflect.ValueOf(o).Elem().FieldByName("EndpointResolver").Set(old)
		},
		"auth scheme": func(o *cloudwatchlogs.Options) {
			o.AuthSchemes = []smithyhttp.AuthScheme{authScheme{std.AuthSchemes[0]}}
		},
		"auth schemes": func(o *cloudwatchlogs.Options) { o.AuthSchemeResolver = authResolver{std.AuthSchemeResolver} },
		"signer":       func(o *cloudwatchlogs.Options) { o.HTTPSignerV4 = signer{std.HTTPSignerV4} },
		"tracer":       func(o *cloudwatchlogs.Options) { o.TracerProvider = &tracer{} },
		// Another call through the same client may keep a skew nevertheless.
		"clock":  func(o *cloudwatchlogs.Options) { o.DisableClockSkewCorrection = true },
		"log":    func(o *cloudwatchlogs.Options) { o.ClientLogMode = aws.LogSigning },
		"nobody": func(o *cloudwatchlogs.Options) { o.Credentials = aws.AnonymousCredentials{} },
	} {
		s := New(inPlaceWith(newServer().with("g/s"), change), Settings{Group: "g"})
		for range 2 {
			if _, err := s.Put(t.Context(), request("s")); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if s.short != nil {
			t.Errorf("%s: a put may go by it", name)
		}
	}
	t.Setenv("AWS_LAMBDA_FUNCTION_NAME", "f")
	if New(inPlace(nil), Settings{Group: "g"}).short != nil {
		t.Error("a function's puts do not name the invocation")
	}
}

func TestHarmlessOptionsKeepTheShortcut(t *testing.T) {
	o := reflect.TypeFor[cloudwatchlogs.Options]()
	for _, name := range harmless {
		if _, ok := o.FieldByName(name); !ok {
			t.Errorf("the SDK has no option %s: has it another name now?", name)
		}
	}
	ready(t, inPlaceWith(newServer().with("g/s"), func(o *cloudwatchlogs.Options) {
		o.AppID, o.RetryMaxAttempts, o.Retryer = "orders", 7, retry.NewAdaptiveMode()
		o.Logger = logging.NewStandardLogger(io.Discard)
		o.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateDisabled
	}))
}
