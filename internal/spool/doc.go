// Package spool keeps events on disk until they are settled.
//
// What it promises, and on what conditions, comes first:
//
//   - A record whose Append returned nil survives the end of the process,
//     kill -9 included, whole or not at all. It survives the end of the machine
//     with SyncAlways, and with SyncInterval if it is older than SyncEvery.
//   - An event that was acknowledged does not come again after kill -9. After
//     the machine failed it may: an acknowledgement is never fsynced, because
//     losing one costs a duplicate and not an event.
//   - Damage never costs what stands before it, never makes an event that
//     nobody appended, and is told, unless it leaves nothing to tell by: a tail
//     that is missing, or zeros where a reserve may stand.
//
// The bytes, and what the promises assume, are in docs/spool-format.md.
//
// A spool folder has one subfolder per process, owned by a file lock. A process
// writes only into its own; subfolders of dead processes are taken over whole.
package spool
