//go:build !race

package watchtower_test

const raceEnabled = false
