// Stdlog sends what package log prints to CloudWatch Logs, one event a line,
// without a change where the program logs.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/watchtower-go/watchtower"
)

func main() {
	h, err := watchtower.New(context.Background(), "stdlog", nil)
	if err != nil {
		log.Fatal(err)
	}
	log.SetOutput(h.Writer())
	log.SetFlags(log.Lshortfile | log.Lmsgprefix) // CloudWatch has the time

	log.Print("started")
	log.Printf("%d invoices sent", 12)

	// log.Fatal would end the program with its last words in the queue: say
	// them, close the handler, and then exit.
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := h.Close(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err) // not with log, whose way is closed
	}
}
