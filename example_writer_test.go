package watchtower_test

import (
	"context"
	"fmt"
	"log"

	"github.com/watchtower-go/watchtower"
)

// Package log, and any other that writes one line to an io.Writer for each
// message, logs through Writer. The lines are stored as they are; CloudWatch
// keeps the time beside them, so that they need none.
func ExampleHandler_Writer() {
	logs := startLocal()
	defer logs.close()

	h, err := watchtower.New(context.Background(), "my-app", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	logger := log.New(h.Writer(), "billing: ", log.Lmsgprefix)

	logger.Printf("%d invoices sent", 12)
	logger.Print("a message of two lines\nis one event")
	h.Close(context.Background())

	logs.print("my-app")
	// Output:
	// billing: 12 invoices sent
	// billing: a message of two lines
	// is one event
}
