package deliver

import "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

// Client is the SDK's concrete client, under a name that the engine can use:
// this package is the only one behind the public face that knows the SDK.
type Client = cloudwatchlogs.Client
