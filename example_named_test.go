package watchtower_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/watchtower-go/watchtower"
)

// Each part of a program can have a logger of its own name, and with
// {logger_name} a log stream of its own.
func ExampleHandler_Named() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		LogStreamName: "my-app/{logger_name}",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	db := slog.New(h.Named("app.db"))
	web := slog.New(h.Named("app.web"))

	db.Info("connected", "pool", 8)
	h.Flush(context.Background()) // or both may be of the same millisecond
	web.Info("listening", "port", 8080)
	h.Close(context.Background()) // closes db and web too

	logs.printStreams("my-app")
	// Output:
	// [my-app/app.db] {"level":"INFO","msg":"connected","logger":"app.db","pool":8}
	// [my-app/app.web] {"level":"INFO","msg":"listening","logger":"app.web","port":8080}
}
