// Package delivery proves what package watchtower promises of a record from the
// call that logs it to the local server that stores it, or to the ledger, OnError
// and Fallback that tell of its loss. It knows no more of the library than its
// users do.
//
//   - Scenarios (scenarios_*_test.go): a fault, what the program does meanwhile,
//     and the exact ledger at the end. A stage (stage_test.go) checks all the time
//     that the ledger balances.
//   - Outages and limits: backing off, flushing and closing in an outage, batches
//     that are refused, slow lines, full queues.
//   - The spool: outages of weeks, full and damaged disks, records that are too old.
//   - What a record looks like when it is stored: attributes, redaction, sampling,
//     metrics, entities.
//
// Nearly all of it runs in bubbles of testing/synctest: hours and weeks pass in no
// time, and no test depends on how quick the machine is. The race detector gets
// fewer of those runs that are many; all are made without it.
//
// What needs to look inside of the library is tested beside it.
package delivery
