package watchtower_test

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/watchtower-go/watchtower"
)

// RecordAttrs are the attributes that Python's add_log_record_attrs names, for
// queries and dashboards that know them.
func ExampleOptions_recordAttrs() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		RecordAttrs: []string{"levelname", "name", "funcName"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	slog.New(h.Named("app.db")).Warn("slow query", "ms", 250)
	h.Close(context.Background())

	logs.print("my-app")
	// Output: {"level":"WARN","msg":"slow query","levelname":"WARNING","name":"app.db","funcName":"ExampleOptions_recordAttrs","logger":"app.db","ms":250}
}

// EncodeAny says what is logged in place of values of types that are not yours to
// give a MarshalJSON or a LogValue method.
func ExampleOptions_encodeAny() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", &watchtower.Options{
		EncodeAny: func(v any) (any, bool) {
			switch v := v.(type) {
			case time.Month:
				return v.String(), true
			case complex128:
				return []float64{real(v), imag(v)}, true
			}
			return nil, false // as ever
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	slog.New(h).Info("measured", "in", time.May, "at", complex(1, 2), "days", map[string]int{"wet": 3})
	h.Close(context.Background())

	logs.print("my-app")
	// Output: {"level":"INFO","msg":"measured","in":"May","at":[1,2],"days":{"wet":3}}
}
