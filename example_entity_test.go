package watchtower_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/watchtower-go/watchtower"
)

// With an entity the CloudWatch console finds records beside the metrics and
// traces of the same service ("Explore related"). A program whose environment
// has OTEL_SERVICE_NAME needs no option for that.
func ExampleOptions_entity() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		Entity: &watchtower.Entity{
			KeyAttributes: map[string]string{"Type": "Service", "Name": "checkout", "Environment": "eks:blue/shop"},
			Attributes:    map[string]string{"PlatformType": "AWS::EKS", "EKS.Cluster": "blue", "K8s.Namespace": "shop"},
		},
		OnError: func(err error) { fmt.Println(err) }, // of an entity that the service rejects, too
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	slog.New(h).Info("ready")
	h.Close(context.Background())

	logs.print("my-app")
	// Output:
	// {"level":"INFO","msg":"ready"}
}
