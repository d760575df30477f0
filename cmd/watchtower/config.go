package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/watchtower-go/watchtower/internal/term"
	"github.com/watchtower-go/watchtower/logconfig"
)

// configCmd groups what is done to files that configure logging.
type configCmd struct {
	Check configCheckCmd `cmd:"" help:"Tell what is wrong with a file that configures logging."`
}

// configCheckCmd tells what is wrong with files for package logconfig.
type configCheckCmd struct {
	Files  []string `arg:"" optional:"" name:"file" placeholder:"FILE" help:"YAML or JSON; - is standard input."`
	Schema bool     `help:"Print the JSON Schema of such files, for editors."`
}

// Help is what "watchtower config check --help" says below the first line.
func (*configCheckCmd) Help() string {
	return `Files have the schema of Python's logging.config.dictConfig, which package logconfig loads. The mistakes of a file are shown at once, of each value the first, with the line and a caret. Nothing is started and no AWS is needed: whether folders exist and access is granted is seen when the program loads the file.

Examples:

    watchtower config check logging.yaml
    watchtower config check --schema > logging.schema.json`
}

// stdinName is the name of standard input in an error.
const stdinName = "standard input"

// Run checks each file.
func (c *configCheckCmd) Run(con *console) error {
	if c.Schema {
		_, err := con.out.Write(logconfig.Schema())
		return err
	}
	if len(c.Files) == 0 {
		return usageError{withHints(errors.New("a file is missing"), "check one with: watchtower config check logging.yaml")}
	}
	bad, problems := 0, 0
	for _, file := range c.Files {
		n, err := checkFile(con, file)
		if err != nil {
			return err
		}
		if n > 0 {
			bad, problems = bad+1, problems+n
		}
	}
	if bad == 0 {
		return nil
	}
	if len(c.Files) == 1 {
		return fmt.Errorf("%s in %s", term.Plural(problems, "problem"), c.Files[0])
	}
	return fmt.Errorf("%s in %d of %d files", term.Plural(problems, "problem"), bad, len(c.Files))
}

// checkFile prints what is wrong with a file, and returns how much that is.
func checkFile(con *console, file string) (problems int, err error) {
	name := file
	var data []byte
	if file == "-" {
		name = stdinName
		data, err = io.ReadAll(os.Stdin)
	} else {
		data, err = os.ReadFile(file)
	}
	if err != nil {
		return 0, err
	}
	err = logconfig.Check(name, data)
	if err == nil {
		_, err = fmt.Fprintln(con.out, name+": ok")
		return 0, err
	}
	wrong, ok := errors.AsType[*logconfig.Error](err)
	if !ok {
		return 0, err
	}
	_, err = fmt.Fprintln(con.out, term.Visible(wrong.Error()))
	return len(wrong.Problems), err
}
