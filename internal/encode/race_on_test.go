//go:build race

package encode

// raceEnabled: the race detector makes sync.Pool forget things on purpose.
const raceEnabled = true
