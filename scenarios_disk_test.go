package watchtower_test

var onDisk []scenario
