// Package logconfig starts loggers as a file says: YAML or JSON in the schema of
// Python's logging.config.dictConfig, so that the file of a program that used
// Python's logging and watchtower works unchanged.
//
//	cfg, err := logconfig.Load("logging.yaml", nil)
//	if err != nil {
//		return err // every mistake in the file, with its line and a caret
//	}
//	cfg.SetDefault()
//	db := cfg.Logger("app.db")
//	…
//	return cfg.Close(ctx)
//
// # Loggers
//
// The loggers are a tree by the dots in their names, with Python's rules: the
// level is that of the nearest ancestor that has one; a record goes to the
// handlers of its logger and of the ancestors, up to the first that does not
// propagate; handlers have levels and filters of their own. Without a level the
// root has WARNING. A logger without any handlers writes warnings to standard
// error.
//
// Python's levels 10, 20, 30 and 40 are slog's Debug, Info, Warn and Error, 50
// is Error+4. slog's own forms, as in INFO+2, are levels too.
//
// # Formats
//
// A format string of Python gives what Python's logging gives, character for
// character. Attributes that it does not name stand behind the message, as
// key=value; %(tenant)s shows the attribute "tenant", %(req.id)s also "id" in the
// group "req", and one that the record does not have is "-". Of several with one
// name the last is shown, and the others stand behind the message. A record with an
// empty message has its attributes as a JSON object for a message; a single one that is
// a map or a struct is that object, as a dictionary is that is logged in Python.
// "format: json" and "format: text" are the forms of log/slog, with the
// logger's name, except the root's, as the attribute "logger".
//
// A handler without a formatter writes the message alone if its class is one of
// Python's. The classes of our own (stream, file, rotating_file, …) write
// slog's text then, and cloudwatch writes JSON.
//
// # CloudWatch
//
// The handler watchtower.CloudWatchLogHandler takes the keys of Python's
// watchtower, of new and old versions, and every field of [watchtower.Options] in
// snake_case, unless it is code; its native name is cloudwatch. The group is "watchtower" unless the
// file says otherwise. What a file cannot say, such as a client or a function, is
// set by [Options.Watchtower].
package logconfig
