// Package watchtowertest gives tests a CloudWatch Logs of their own: a local
// server inside the test, a client of the official SDK that talks to it, the
// events that arrived, and faults on demand.
//
//	func TestOrderIsLogged(t *testing.T) {
//		logs := watchtowertest.NewServer(t)
//		h, err := watchtower.New(t.Context(), "shop", &watchtower.Options{Client: logs.Client()})
//		…
//		if events := logs.Events("shop"); len(events) != 1 {
//
// The client reaches the server without a socket, so it also works inside a
// testing/synctest bubble, with the bubble's clock.
//
// Close the handler with a deadline, or clear the faults before: without one its
// Close waits for what the server refuses, longer than the test may run.
package watchtowertest
