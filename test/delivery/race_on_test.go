//go:build race

package delivery_test

// raceEnabled: the race detector slows everything down several times.
const raceEnabled = true
