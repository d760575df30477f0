// Package cwlocal is a local CloudWatch Logs server: an [http.Handler] that
// speaks the wire protocol of Logs_20140328 as the service does, down to the
// texts of its errors, so that unmodified AWS clients cannot tell the
// difference on the operations it serves.
//
//	srv, err := cwlocal.New(nil) // in memory
//	if err != nil {
//		return err
//	}
//	defer srv.Close()
//	http.ListenAndServe("127.0.0.1:4600", srv)
//
// Each operation has a file of its own, which opens with a list of the
// behaviour that it implements and where it differs from AWS. [Operations]
// lists every operation of the API with what became of it.
//
// [Server.Faults] makes the server misbehave on demand; docs/faults.md lists how.
//
// The package shares no code with the client library of this module, not even
// the limits: the two meet on the wire only, so that one mistake cannot hide
// the other.
package cwlocal
