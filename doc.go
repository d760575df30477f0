// Package watchtower sends a program's log records to Amazon CloudWatch Logs.
//
// [New] returns a [Handler], a [slog.Handler] that formats each record on the
// goroutine that logs it, keeps it in a queue bounded in bytes, and delivers it
// in batches with PutLogEvents, with no agent beside the program:
//
//	h, err := watchtower.New(ctx, "my-app", nil)
//	if err != nil {
//		return err
//	}
//	slog.SetDefault(slog.New(h))
//	…
//	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
//	defer cancel()
//	return h.Close(ctx) // delivers what is in the queue
//
// Nothing is lost in silence. Every record that a Handler accepted is
// delivered, or the program is told which it could not deliver and why:
// [Handler.Stats] is a ledger that balances at every moment,
// [Options.OnError] hears of each loss as a [*DropError], and the error of
// [Handler.Close] carries what was left behind.
//
// Log groups and streams are created when a put says that they are missing;
// the IAM actions logs:PutLogEvents, logs:CreateLogStream and
// logs:CreateLogGroup are all that it takes.
package watchtower
