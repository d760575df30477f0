//go:build race

package deliver

// raceEnabled: the race detector allocates by itself.
const raceEnabled = true
