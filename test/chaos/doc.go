// Package chaos proves the ledger of the delivery engine with real processes:
// a client program that logs numbered records through the library, the real
// `watchtower local --data DIR --allow-faults`, and a proxy between them. What
// goes wrong is drawn from a seed: both are killed with SIGKILL, connections are
// cut, reset, delayed, throttled and swallowed, the service throttles, fails,
// denies, rejects and loses answers, its clock jumps, groups and streams are
// deleted underneath, and the disk of the spool fills.
//
//	make chaos                # 100 kills, about two minutes
//	KILLS=1000 make chaos     # by hand
//	SEED=4711 make chaos      # the same schedule again; timing is the machine's
//
// A run is a number of lives of the client on one spool folder and one data
// directory. The client writes into a pipe what it knows at that moment, one
// write(2) a line, so that a kill takes nothing of it away: each record before
// it is logged and after Handle returned, each put before its last byte leaves
// and after its answer was read, each record that Fallback got, and its Stats
// every 50 ms. After each life the test reads the spool folder; when everything
// has settled, the whole store. Then it compares every record, one by one, with
// what was written down, and every ledger with the puts that its process made
// and with what it found and left on disk. The claims are functions, one each:
// what is lost in verdict_test.go, what is on disk in lives_test.go, what is
// there twice in copies_test.go, in which order in order_test.go, and what the
// ledgers say in exact_test.go.
//
// A record may be there twice for three reasons only: its process lost the
// answer and counted it as a possible duplicate; its put was under way at a
// kill; or a full disk took no note of the answer, which a process that ends in
// order counts, too.
package chaos
