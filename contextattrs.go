package watchtower

import (
	"context"
	"fmt"
	"log/slog"
)

// contextAttrs calls Options.ContextAttrs. A panic in it becomes an attribute.
func contextAttrs(ctx context.Context, f func(context.Context) []slog.Attr) (attrs []slog.Attr) {
	defer func() {
		if p := recover(); p != nil {
			attrs = []slog.Attr{slog.String("ContextAttrs", fmt.Sprintf("!PANIC: %v", p))}
		}
	}()
	return f(ctx)
}
