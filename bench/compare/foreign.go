package main

import (
	"debug/buildinfo"
	"fmt"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
)

// A foreigner is a peer that is a program of its own: those in other languages,
// and one that brings so many libraries along that all others would be bigger
// for it.
type foreigner struct {
	command []string
	// versions returns what it is made of, or an error if it cannot be run here.
	versions func() (string, error)
	remedy   string
}

const mobyProgram = "bin/moby"

var foreigners = map[string]*foreigner{
	"python": {
		[]string{"python3", "others/python/drive.py"},
		said("python3", "-c", `import sys, boto3, botocore
print("Python %d.%d.%d with boto3 %s, botocore %s" % (*sys.version_info[:3], boto3.__version__, botocore.__version__))`),
		"it needs python3 with boto3: apt-get install python3-boto3, or python3 -m pip install boto3",
	},
	"winston": {
		[]string{"node", "others/node/drive.js"},
		said("node", "-e", `const of = (name) => name + ' ' + JSON.parse(require('fs').readFileSync('others/node/node_modules/' + name + '/package.json')).version;
console.log('Node.js ' + process.versions.node + ' with ' + ['winston', 'winston-cloudwatch', '@aws-sdk/client-cloudwatch-logs'].map(of).join(', '))`),
		"it needs node 18 or later with npm: apt-get install nodejs npm, then npm ci --prefix bench/others/node",
	},
	"moby": {[]string{mobyProgram}, mobyVersions, "go build -o bin/moby ./moby, in bench, says more"},
}

// said returns a function that has a command print one line.
func said(name string, args ...string) func() (string, error) {
	return func() (string, error) {
		out, err := exec.Command(name, args...).Output()
		if exit, ok := err.(*exec.ExitError); ok {
			return "", fmt.Errorf("%w: %s", err, complaint(exit.Stderr))
		}
		return strings.TrimSpace(string(out)), err
	}
}

// mobyVersions builds it, too.
func mobyVersions() (string, error) {
	if out, err := exec.Command("go", "build", "-o", mobyProgram, "./moby").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build ./moby: %w: %s", err, lastLine(out))
	}
	info, err := buildinfo.ReadFile(mobyProgram)
	if err != nil {
		return "", err
	}
	return strings.Join(versionsIn(info, "github.com/docker/docker"), ", "), nil
}

// versionsIn returns the named modules of a program with their versions.
func versionsIn(info *debug.BuildInfo, modules ...string) (all []string) {
	for _, m := range info.Deps {
		if slices.Contains(modules, m.Path) {
			all = append(all, strings.TrimPrefix(m.Path, "github.com/")+" "+m.Version)
		}
	}
	return all
}

// equip looks at what there is of those that wanted asks for. It puts what all
// peers are made of into versions, and returns why those that are missing are: the
// others are measured without them.
func equip(wanted func(peer string) bool, versions map[string]string) (missing map[string]error) {
	missing = map[string]error{}
	if self, ok := debug.ReadBuildInfo(); ok {
		versions["compare"] = strings.Join(versionsIn(self, "github.com/aws/aws-sdk-go-v2", "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs",
			"go.uber.org/zap", "github.com/rs/zerolog", "github.com/phuslu/log", "github.com/klauspost/compress"), ", ")
	}
	for peer, f := range foreigners {
		if !wanted(peer) {
			continue
		}
		version, err := f.versions()
		if err != nil { // what it was made of earlier stays, as its results do
			missing[peer] = fmt.Errorf("%s: %w; %s", peer, err, f.remedy)
			continue
		}
		versions[peer] = version
	}
	return missing
}
