package deliver

import (
	"os"
	"reflect"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// harmless are the options of a client that make no request other than the one before,
// whatever they are: they are the same for all, or come behind the signature, or are not
// for puts. The credentials are asked each time; only what their provider says of its
// sources in User-Agent is what it said at the first put.
var harmless = []string{
	"AppID", "AuthSchemePreference", "BaseEndpoint", "Credentials", "DefaultsMode", "EndpointOptions",
	"HTTPClient", "Logger", "Region", "RetryMaxAttempts", "RetryMode", "Retryer", "RuntimeEnvironment", "resolvedDefaultsMode",
}

// alike reports whether a client with these options makes all requests alike. It does
// not if it has its own idea of clocks, or a middleware, an interceptor, a tracer, a way
// to find the endpoint or to sign, or whatever a later SDK may let users give it, that is
// not the SDK's own. In a Lambda function each request names the invocation that it
// belongs to.
func alike(o cloudwatchlogs.Options) bool {
	if _, lambda := os.LookupEnv("AWS_LAMBDA_FUNCTION_NAME"); lambda {
		return false
	}
	has, std := reflect.ValueOf(o), reflect.ValueOf(cloudwatchlogs.New(cloudwatchlogs.Options{Region: o.Region}).Options())
	for i := range has.NumField() {
		if !slices.Contains(harmless, has.Type().Field(i).Name) && !sameTypes(has.Field(i), std.Field(i)) {
			return false
		}
	}
	return true
}

// sameTypes reports whether all that a and b refer to is of the same types, and what
// they have themselves is equal.
func sameTypes(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Interface:
		return a.IsNil() == b.IsNil() && (a.IsNil() || a.Elem().Type() == b.Elem().Type())
	case reflect.Slice:
		same := a.Len() == b.Len()
		for i := 0; same && i < a.Len(); i++ {
			same = sameTypes(a.Index(i), b.Index(i))
		}
		return same
	case reflect.Struct:
		same := true
		for i := 0; same && i < a.NumField(); i++ {
			same = sameTypes(a.Field(i), b.Field(i))
		}
		return same
	}
	return a.Comparable() && a.Equal(b)
}
