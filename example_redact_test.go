package watchtower_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/watchtower-go/watchtower"
)

// ReplaceAttr keeps secrets out of the logs: it sees each attribute, in groups
// too, before it is formatted. An empty Attr removes it.
func ExampleOptions_redact() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			switch a.Key {
			case "password", "authorization":
				return slog.String(a.Key, "REDACTED")
			case "card":
				return slog.Attr{}
			}
			return a
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	logger := slog.New(h).With("authorization", "Bearer 5f2b")
	logger.Info("login", "user", "ada", "password", "hunter2", slog.Group("pay", "card", "4111 1111", "cents", 250))
	h.Close(context.Background())

	logs.print("my-app")
	// Output: {"level":"INFO","msg":"login","authorization":"REDACTED","user":"ada","password":"REDACTED","pay":{"cents":250}}
}
