// Package localserver runs the real command, `watchtower local`, as a process of
// its own for the tests in the folders beside it.
package localserver
