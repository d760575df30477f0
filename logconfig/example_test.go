package logconfig_test

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

// A program loads its file once, uses loggers by name, and closes the
// configuration before it ends.
func ExampleLoad() {
	cfg, err := logconfig.Load("testdata/example.yaml", nil)
	if err != nil {
		fmt.Println(err) // every mistake in the file, with its line and a caret
		return
	}
	cfg.SetDefault() // slog.Info and log.Print go to the root logger

	slog.Info("started", "version", "1.4.2")
	cfg.Logger("app.db").Debug("connected", "pool", 8)

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := cfg.Close(ctx); err != nil { // what was not delivered, counted
		fmt.Println(err)
	}
	// Output:
	// INFO     root: started version=1.4.2
	// DEBUG    app.db: connected pool=8
}

// What a file cannot say is said by the program: here the address of a local
// server, which only tests know.
func ExampleOptions() {
	cfg, err := logconfig.Read(strings.NewReader(`
version: 1
handlers:
  cloud: {class: cloudwatch, log_group_name: my-app, spool_dir: /var/spool/my-app}
root: {level: INFO, handlers: [cloud]}
`), &logconfig.Options{
		Watchtower: func(name string, o *watchtower.Options) {
			o.EndpointURL = "http://127.0.0.1:4586"
			o.SpoolDir = ""
			o.Fallback = watchtower.WriteTo(os.Stderr)
		},
		OnError: func(err error) { fmt.Println(err) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer cfg.Close(context.Background())
	fmt.Println(cfg.Stats()["cloud"].Accepted)
	// Output: 0
}

// Secrets are left out of the console, of files and of CloudWatch alike: by their key,
// and by their form.
func ExampleOptions_redact() {
	cfg, err := logconfig.Load("testdata/example.yaml", &logconfig.Options{
		Redact: func(key, value string) string {
			if key == "password" {
				return "[redacted]"
			}
			return watchtower.RedactSecrets(key, value)
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer cfg.Close(context.Background())
	cfg.Logger("").Info("Authorization: Bearer abc123", "user", "ann", "password", "hunter2")
	// Output: INFO     root: Authorization: Bearer [redacted] user=ann password=[redacted]
}

// What wants a handler of CloudWatch gets it by its name in the file.
func ExampleConfig_CloudWatch() {
	cfg, err := logconfig.Read(strings.NewReader(`
version: 1
handlers: {cloud: {class: cloudwatch, log_group_name: my-app, endpoint_url: "http://127.0.0.1:4586"}}
root: {level: INFO, handlers: [cloud]}
`), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer cfg.Close(context.Background())
	defer watchtower.FlushOnSignal(cfg.CloudWatch("cloud"), 10*time.Second, nil)()
	fmt.Println(cfg.CloudWatch("console") == nil)
	// Output: true
}

// The mistakes of a file are told at once.
func ExampleCheck() {
	err := logconfig.Check("logging.yaml", []byte(`version: 1
handlers:
  console: {class: logging.StreamHandler, levle: DEBUG}
root: {handlers: [consol]}
`))
	fmt.Println(err)
	// Output:
	// logging.yaml:3:43: handlers.console: unknown key "levle": did you mean "level"?
	//       console: {class: logging.StreamHandler, levle: DEBUG}
	//                                               ^
	// logging.yaml:4:19: root.handlers: unknown handler "consol": did you mean "console"?
	//     root: {handlers: [consol]}
	//                       ^
}
