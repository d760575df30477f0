package watchtower_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/watchtower-go/watchtower"
)

// Any slog.Handler that writes to an io.Writer can format the messages: here
// the standard library's, with a level of the program's own. What is logged at
// all is for Options.Level to say.
func ExampleOptions_newFormatter() {
	logs := startLocal()
	defer logs.close()

	const levelTrace = slog.Level(-8)
	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		Level: levelTrace,
		NewFormatter: func(w io.Writer) slog.Handler {
			return slog.NewTextHandler(w, &slog.HandlerOptions{
				ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
					if a.Key == slog.LevelKey && a.Value.Any() == levelTrace {
						return slog.String(slog.LevelKey, "TRACE")
					}
					return a
				},
			})
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	slog.New(h).Log(context.Background(), levelTrace, "cache miss", "key", "user:7")
	h.Close(context.Background())

	logs.print("my-app")
	// Output: level=TRACE msg="cache miss" key=user:7
}
