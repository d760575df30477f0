//go:build race

package watchtower_test

// raceEnabled: the race detector slows everything down several times.
const raceEnabled = true
