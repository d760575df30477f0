package migration

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/watchtower-go/watchtower"
)

type secret string

func (secret) LogValue() slog.Value { return slog.StringValue("hidden") }

type broken struct{}

func (broken) LogValue() slog.Value { panic("no value") }

func Example_values() {
	ctx := context.Background()
	h, err := watchtower.New(ctx, "values", &watchtower.Options{
		EncodeAny: func(v any) (any, bool) { // json_serialize_default=…
			day, ok := v.(time.Weekday)
			return int(day), ok
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	slog.New(h).Info("values",
		"day", time.Friday,
		"at", time.Date(2026, 11, 27, 8, 30, 0, 0, time.UTC),
		"took", 1500*time.Millisecond,
		"err", errors.New("card expired"),
		"token", secret("abc"),
		"cart", map[string]int{"apples": 3},
		"broken", broken{})
	h.Close(ctx)
	show("values")
	// Output:
	// {"level":"INFO","msg":"values","day":5,"at":"2026-11-27T08:30:00Z","took":1500000000,"err":"card expired","token":"hidden","cart":{"apples":3},"broken":"!PANIC: no value"}
}

func Example_formatter() {
	ctx := context.Background()
	h, err := watchtower.New(ctx, "formatter", &watchtower.Options{
		NewFormatter: func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	slog.New(h).Info("started", "version", "1.4.2")
	h.Close(ctx)
	for _, e := range stored("formatter") {
		fmt.Println(e.Message[len("time=2006-01-02T15:04:05.000Z "):])
	}
	// Output: level=INFO msg=started version=1.4.2
}

func Example_losses() {
	ctx := context.Background()
	h, err := watchtower.New(ctx, "losses", &watchtower.Options{
		OnError: func(error) {}, // hears of both losses below
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(h.Put(ctx, watchtower.Event{}) != nil) // the service takes no empty message
	h.Close(ctx)

	_, err = io.WriteString(h.Writer(), "too late")
	fmt.Println(errors.Is(err, watchtower.ErrClosed))
	// Output:
	// true
	// true
}

func Example_flush() {
	h, err := watchtower.New(context.Background(), "flush", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer watchtower.FlushOnSignal(h, 5*time.Second, nil)() // at SIGINT and SIGTERM

	slog.New(h).Info("half way")
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := h.Flush(ctx); err != nil {
		fmt.Println("not yet delivered:", err)
	}

	if err := h.Close(ctx); err != nil {
		fmt.Println(err)
	}
	show("flush")
	// Output: {"level":"INFO","msg":"half way"}
}
