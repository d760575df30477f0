package watchtower_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/watchtower-go/watchtower"
)

// Attributes that a logger always adds are formatted once, by With, and not
// again for each record. Those that follow WithGroup are in a JSON object of
// that name, which Logs Insights calls "request.path".
func ExampleHandler_WithAttrs() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	service := slog.New(h).With("service", "checkout", "region", "eu-central-1")
	request := service.WithGroup("request").With("id", "r-17", "path", "/pay")

	service.Info("ready")
	request.Info("paid", "cents", 1999)
	h.Close(context.Background())

	logs.print("my-app")
	// Output:
	// {"level":"INFO","msg":"ready","service":"checkout","region":"eu-central-1"}
	// {"level":"INFO","msg":"paid","service":"checkout","region":"eu-central-1","request":{"id":"r-17","path":"/pay","cents":1999}}
}
