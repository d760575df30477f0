package watchtower_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/watchtower-go/watchtower"
)

// EndpointURL is the address of a local server, such as the one that
// "watchtower local" starts. Without it the environment variable
// AWS_ENDPOINT_URL says the same, and the program need not change.
func ExampleOptions_endpointURL() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		EndpointURL: logs.URL, // http://127.0.0.1:4586, if it is "watchtower local"
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	slog.New(h).Info("hello")
	h.Close(context.Background())

	logs.print("my-app")
	// Output: {"level":"INFO","msg":"hello"}
}
