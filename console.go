package watchtower

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// console is the default OnError: it writes each distinct failure once to
// standard error, and its recovery. It is called by one goroutine at a time.
type console struct {
	w    io.Writer
	told map[string]bool // what was written since the last recovery
}

func newConsole() *console { return &console{w: os.Stderr, told: make(map[string]bool)} }

func (c *console) tell(err error) {
	if r, ok := errors.AsType[*RecoveredError](err); ok {
		clear(c.told)
		fmt.Fprintf(c.w, "watchtower: %v\n", r)
		return
	}
	key := distinct(err)
	if c.told[key] {
		return
	}
	c.told[key] = true
	fmt.Fprintf(c.w, "watchtower: %v\n", err)
}

// distinct is what makes a failure another one: request numbers, times and
// counts don't.
func distinct(err error) string {
	if d, ok := errors.AsType[*DropError](err); ok {
		return "drop " + d.Reason
	}
	if s, ok := errors.AsType[*SendError](err); ok {
		return "send " + s.Kind
	}
	if s, ok := errors.AsType[*SpoolError](err); ok {
		return "spool " + s.Err.Error()
	}
	return err.Error()
}
