// Package loggers measures each logger that watchtower has a bridge for beside
// the same logger writing to nowhere.
package loggers
