// Package loggers tries the loggers that watchtower has a bridge for side by
// side: how a program ends by their Fatal and Panic, and what a call costs beside
// the same logger writing to nowhere.
package loggers
