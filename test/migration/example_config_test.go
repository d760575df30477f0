package migration

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/logconfig"
)

func Example_formats() {
	file := strings.NewReader(`
version: 1
formatters:
  line: {format: "{levelname:<8} {name}: {message}", style: "{"}
  cloud: {(): watchtower.CloudWatchLogFormatter, add_log_record_attrs: [levelname, name, funcName]}
handlers:
  console: {class: logging.StreamHandler, formatter: line, stream: ext://sys.stdout}
  watchtower: {class: watchtower.CloudWatchLogHandler, formatter: cloud, log_group_name: formats, log_stream_name: all}
root: {level: INFO, handlers: [console, watchtower]}
loggers:
  app.db: {level: WARNING}
`)
	cfg, err := logconfig.Read(file, &logconfig.Options{Stdout: os.Stdout})
	if err != nil {
		fmt.Println(err) // every mistake, with its line and a caret
		return
	}
	cfg.SetDefault() // slog.Info and log.Print go to the root logger

	slog.Info("", "cart", map[string]int{"apples": 3}) // logger.info({"apples": 3})
	cfg.Logger("app.db").Info("not logged: its level is WARNING")
	cfg.Logger("app.db.pool").Warn("exhausted", "size", 8)

	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cfg.Close(ctx)
	show("formats")
	// Output:
	// INFO     root: {"apples":3}
	// WARNING  app.db.pool: exhausted size=8
	// {"apples": 3, "levelname": "INFO", "name": "root", "funcName": "Example_formats"}
	// {"levelname": "WARNING", "name": "app.db.pool", "funcName": "Example_formats", "msg": "exhausted size=8"}
}

func Example_settings() {
	file := strings.NewReader(`
version: 1
handlers:
  watchtower: {class: watchtower.CloudWatchLogHandler}
root: {handlers: [watchtower]}
`)
	cfg, err := logconfig.Read(file, &logconfig.Options{
		Watchtower: func(name string, o *watchtower.Options) {
			o.EncodeAny = func(v any) (any, bool) { return nil, false } // json_serialize_default
			fmt.Println(name, "sends every", o.FlushInterval)
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	slog.New(cfg.Logger("").Handler()).Warn("hello")
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cfg.Close(ctx)
	show("watchtower")
	// Output:
	// watchtower sends every 1m0s
	// hello
}
