package watchtower_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/watchtower-go/watchtower"
)

// Fields are in every record. Their values have the placeholders of log streams'
// names: of the environment and, in ECS, EC2, Kubernetes and Lambda, of the place.
func ExampleOptions_fields() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		Fields: map[string]string{
			"service": "checkout",
			"version": "{env:APP_VERSION:-dev}",
			// "task":  "{ecs.task_id}",
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	slog.New(h.Named("cart")).With("user", "ada").Info("paid", "cents", 250)
	h.Close(context.Background())

	logs.print("my-app")
	// Output: {"level":"INFO","msg":"paid","logger":"cart","service":"checkout","version":"dev","user":"ada","cents":250}
}
