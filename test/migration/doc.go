// Package migration runs the code of docs/migrating-from-python.md: its Go stands
// in the examples here, what these print is its text, and its YAML and JSON are
// read by logconfig.
package migration
