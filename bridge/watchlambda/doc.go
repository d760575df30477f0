// Package watchlambda logs to CloudWatch from AWS Lambda functions in Go (the
// runtime provided.al2023, with github.com/aws/aws-lambda-go), and loses nothing
// when Lambda freezes or ends the environment that a function runs in.
//
//	h, err := watchtower.New(ctx, "orders", &watchtower.Options{LogStreamName: watchlambda.LogStreamName})
//	…
//	watchlambda.Wrap(h, handle, nil).Start()           // flushes before the response
//	watchlambda.Extension(ctx, h, handle, nil).Start() // flushes after it
//
// What a function prints goes to Lambda's own log group, /aws/lambda/NAME. A
// handler of watchtower writes beside it, to a group that you choose: one for an
// application of many functions, or one for each module of a function, which is a
// handler each ([Options.Also]). [LogStreamName] ends as the name of Lambda's own
// stream does, so that the two are easily brought together.
//
// # Two ways
//
// Lambda freezes an environment as soon as the runtime, and each extension that is
// registered, has asked for the next event. Nothing runs then: no timer, no request
// that is under way. So records have to be delivered before.
//
// [Wrap] delivers them between the return of your handler and the response. The
// caller waits for it: one request to CloudWatch Logs, usually some milliseconds.
// Nothing else has to be set up.
//
// [Extension] registers an internal extension with Lambda, which is a goroutine of
// this process. It delivers when the response has been sent, and only then asks for
// the next event. The caller does not wait for
// it; the invocation still takes, and costs, that time, and the next event for this
// environment waits for it. It also brings a SIGTERM before the end, see below.
//
// # What is promised when
//
// In the init phase, before the first event, records are queued. [Function.Start]
// delivers them before the phase ends, within Options.FlushTimeout, because an
// environment may be made ahead of its first event. (With lambda.Start they go with the
// first invocation.) A program that gives up in this phase ends with watchtower.Exit.
//
// In an invocation, all that was logged before your handler returned is delivered
// before the freeze, if CloudWatch Logs takes it within Options.FlushTimeout and
// within what is left of the function's time, less Options.Margin. What it does
// not take is told, as a [*watchtower.PendingError], stays in the queue, and goes
// with the next invocation. What goroutines log after the return of the handler
// goes with the next invocation too, unless the flush still found it.
//
// A handler that is still at work shortly before the function's time is up
// (Options.LastCall) is logged as such, and what was logged so far is delivered,
// because Lambda ends the process at that time.
//
// A panic of the handler is logged with its stack and delivered before it goes on,
// in both ways: the process ends by it. An error that the handler returns is logged
// too. (aws-lambda-go prints both with the package log, when all is delivered already.
// slog.SetDefault turns that into records, which come with the next invocation or not
// at all. log.SetOutput(os.Stderr) after it leaves them in Lambda's own log.)
//
// While frozen, nothing is sent and nothing is lost. A request that was under way
// may be repeated after the thaw, which watchtower.Stats counts as possible
// duplicates.
//
// At its end, an environment that has been idle is killed without notice, unless an
// extension is registered. With [Wrap] that loses what earlier flushes could not
// deliver, and nothing else. With [Extension] Lambda thaws the process and sends it
// SIGTERM, 500 ms before it kills it: time for one more attempt
// (Options.ShutdownTimeout), then the handler is closed. Internal extensions may not
// register for the event SHUTDOWN (Lambda refuses with
// ShutdownEventNotSupportedForInternalExtension), so that signal is what there is.
//
// In a crash (SIGKILL, out of memory, os.Exit) in the middle of an invocation, what
// was logged since its beginning is lost, unless it was old enough to have been
// sent. watchtower.Exit is os.Exit with a delivery before it. With
// watchtower.Options.Sync each record is stored before the call returns. A SpoolDir
// in /tmp lasts as long as the environment does: it survives a restart of the process
// in it, as after a panic or a time-out, and nothing more.
//
// SnapStart does not concern Go: Lambda has it for some managed runtimes, and not for
// provided.al2023 or for container images.
//
// A function that returns an io.Reader, such as an events.LambdaFunctionURLStreamingResponse
// or what lambdaurl.Wrap makes, streams its response if it is started by [Function.Start].
// Its invocation lasts until that has ended: with [Wrap] records are delivered when its
// end is read, before that is sent, with [Extension] afterwards. A failure in between is
// logged as one of the handler. By [Function.Invoke] a response is read to its end first.
package watchlambda

// LogStreamName is a good watchtower.Options.LogStreamName for functions:
// one stream for each environment and named logger, such as
// "orders/app.db/2026/03/01/[$LATEST]0f1e2d3c4b5a69788796a5b4c3d2e1f0". From the
// date on it is the name of the stream that has the environment's standard
// output. Both "[" and "$" are legal in names of log streams.
const LogStreamName = "{env:AWS_LAMBDA_FUNCTION_NAME:-function}/{logger_name}/{env:AWS_LAMBDA_LOG_STREAM_NAME:-local}"
