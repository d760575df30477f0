package watchtower_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/watchtower-go/watchtower"
)

// Redact keeps secrets out of the logs: it gets each text before anything is
// kept, the message with the key "msg", and returns what is logged in its place.
// RedactSecrets knows those that have a form of their own. (ReplaceAttr removes
// attributes, and sees those that are no texts.)
func ExampleOptions_redact() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		Redact: func(key, value string) string {
			if key == "password" {
				return "[redacted]"
			}
			return watchtower.RedactSecrets(key, value)
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	logger := slog.New(h).With("authorization", "Bearer 5f2b")
	logger.Info("ada paid with 4111 1111 1111 1111", slog.Group("login", "user", "ada", "password", "hunter2"),
		"err", errors.New("no account for 4111-1111-1111-1111"), "cents", 250)
	h.Close(context.Background())

	logs.print("my-app")
	// Output: {"level":"INFO","msg":"ada paid with [redacted]","authorization":"Bearer [redacted]","login":{"user":"ada","password":"[redacted]"},"err":"no account for [redacted]","cents":250}
}
