package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// versionCmd prints what this program was built from.
type versionCmd struct{}

// Run prints one line.
func (versionCmd) Run(con *console) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	_, err := fmt.Fprintln(con.out, version(info))
	return err
}

// version is the module's version, the commit where it is known, and what it
// was built with and for.
func version(info *debug.BuildInfo) string {
	// Builds from a checkout have a version made of the commit, builds of a
	// released module its tag, and test binaries none.
	v := info.Main.Version
	if v == "" || v == "(devel)" {
		v = "development"
	}
	settings := make(map[string]string)
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if commit := settings["vcs.revision"]; len(commit) >= 12 {
		v += " commit " + commit[:12]
		if settings["vcs.modified"] == "true" {
			v += " (modified)"
		}
	}
	return fmt.Sprintf("watchtower %s %s %s/%s", v, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
