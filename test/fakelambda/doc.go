// Package fakelambda is an execution environment of AWS Lambda for tests: the
// Runtime API and the Extensions API on loopback, and a real function in a process
// of its own. It freezes that process (SIGSTOP) by Lambda's rule, as soon as the
// runtime and every registered extension have asked for the next event, thaws it
// (SIGCONT) for an invocation, and ends it as Lambda does: with SIGTERM and half a
// second if an extension is registered, without notice if not.
//
// What the APIs answer, and when, is from
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html,
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html and
// Lambda's own emulator of the runtime interface. There is one invocation at a time,
// and internal extensions only. It runs on Linux.
package fakelambda
