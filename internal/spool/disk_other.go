//go:build !unix && !windows

package spool

func noRoom(error) bool { return false }

const openFlags = 0

func (disk) SyncDir(string) error { return nil }
