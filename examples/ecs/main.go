// Program ecs logs from a task of Amazon ECS: its log stream has the names of
// the cluster and of the task, as ECS knows them. In the task definition the role
// needs logs:CreateLogGroup, logs:CreateLogStream and logs:PutLogEvents.
package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/watchtower-go/watchtower"
)

func main() {
	h, err := watchtower.New(context.Background(), "ecs", &watchtower.Options{
		LogStreamName: "{ecs.cluster}/{logger_name}/{ecs.task_id}",
	})
	if err != nil {
		slog.Error("no logs in CloudWatch", "err", err)
		os.Exit(1)
	}
	logger := slog.New(h.Named("worker"))
	// ECS stops a task with SIGTERM, and kills it after stopTimeout: 30 s.
	stopped, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()

	logger.Info("started")
	for job := 1; job <= 3 && stopped.Err() == nil; job++ {
		logger.Info("job done", "job", job)
	}
	logger.Info("no more jobs")

	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := h.Close(ctx); err != nil { // what was not delivered, counted
		os.Stderr.WriteString(err.Error() + "\n")
	}
}
