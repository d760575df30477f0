package watchtower_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/watchtower-go/watchtower"
)

// With Sync a record is stored when the call that logs it returns: for audit
// logs and short scripts, at the price of a round trip for each.
func ExampleOptions_sync() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "audit", &watchtower.Options{Sync: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer h.Close(context.Background())

	slog.New(h).Info("role granted", "user", "ada", "role", "admin")

	logs.print("audit") // nothing was flushed or closed
	// Output: {"level":"INFO","msg":"role granted","user":"ada","role":"admin"}
}
