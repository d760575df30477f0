package watchtower_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"github.com/watchtower-go/watchtower"
)

// Secrets that have no form of their own are told by their key, wherever it stands:
// an attribute, a group, a field of a struct or of a map. (An attribute that is
// itself a number is not a text; ReplaceAttr sees those.)
func ExampleOptions_redactByKey() {
	logs := startLocal()
	defer logs.close()

	secret := map[string]bool{"password": true, "token": true, "pin": true}
	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		Redact: func(key, value string) string {
			if secret[strings.ToLower(key)] {
				return "[redacted]"
			}
			return watchtower.RedactSecrets(key, value)
		},
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if secret[strings.ToLower(a.Key)] {
				a.Value = slog.StringValue("[redacted]") // whatever it was
			}
			return a
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	type account struct {
		User, Password string
		Cards          []int64
	}
	slog.New(h).Info("signed in", "account", account{"ada", "hunter2", []int64{4111111111111111, 17}},
		"session", map[string]any{"token": "5f2b", "age": 3}, "pin", 1234)
	h.Close(context.Background())

	logs.print("my-app")
	// Output: {"level":"INFO","msg":"signed in","account":{"User":"ada","Password":"[redacted]","Cards":["[redacted]",17]},"session":{"age":3,"token":"[redacted]"},"pin":"[redacted]"}
}
