//go:build e2e && unix

package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// An awsCLI makes each call with one run of Debian's `aws`, in plain flags.
type awsCLI struct {
	url string
	dir string // for values that are too long for a command line
}

// The path is explicit because another `aws` may come first in the PATH.
const awsPath = "/usr/bin/aws"

func newAWSCLI(t *testing.T, url string) caller {
	if _, err := os.Stat(awsPath); err != nil {
		t.Fatalf("the AWS CLI is missing (Debian: apt-get install awscli): %v", err)
	}
	return &awsCLI{url, t.TempDir()}
}

// refusal is how the CLI reports what the service answered.
var refusal = regexp.MustCompile(`An error occurred \((\w+)\) when calling the \w+ operation(?: \(reached max retries: \d+\))?: ((?s:.*))`)

func (c *awsCLI) call(op string, in object, pages bool) ([]object, error) {
	// Older versions read no endpoint from the environment: it is a flag.
	args := []string{"logs", kebab(op), "--endpoint-url", c.url, "--output", "json"}
	flags, err := c.flags(in)
	if err != nil {
		return nil, err
	}
	if pages {
		// By itself the CLI asks for pages as large as the service gives. Its
		// user can make them smaller, and gets all of them in one object.
		flags = slices.Insert(flags, 0, "--page-size", "2")
	}
	cmd := exec.Command(awsPath, append(args, flags...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if m := refusal.FindStringSubmatch(stderr.String()); m != nil {
			return nil, &answeredError{m[1], strings.TrimSuffix(m[2], "\n")}
		}
		return nil, fmt.Errorf("aws %s: %w: %s", kebab(op), err, stderr.Bytes())
	}
	// An operation without output prints nothing at all.
	out := object{}
	if stdout.Len() > 0 {
		err = decode(stdout.Bytes(), &out)
	}
	return []object{out}, err
}

// flags writes an operation's input as the flags of the CLI. The form
// --name=value also takes values that begin with a hyphen.
func (c *awsCLI) flags(in object) ([]string, error) {
	var flags []string
	for name, value := range in {
		flag := "--" + kebab(name)
		switch v := value.(type) {
		case string:
			flags = append(flags, flag+"="+v)
		case bool:
			if !v {
				flag = "--no-" + kebab(name)
			}
			flags = append(flags, flag)
		case int, int64:
			flags = append(flags, fmt.Sprintf("%s=%d", flag, v))
		case []string:
			flags = append(append(flags, flag), v...)
		default:
			file, err := c.file(name, v)
			if err != nil {
				return nil, err
			}
			flags = append(flags, flag+"=file://"+file)
		}
	}
	return flags, nil
}

// file leaves a value where the CLI reads it: the kernel takes no argument of
// 128 KiB or more, and events are longer.
func (c *awsCLI) file(name string, value any) (string, error) {
	text, err := canonical(value)
	if err != nil {
		return "", err
	}
	file := filepath.Join(c.dir, name+".json")
	return file, errors.Join(err, os.WriteFile(file, text, 0o600))
}

// kebab turns GetLogEvents and logGroupName into get-log-events and
// log-group-name.
func kebab(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
