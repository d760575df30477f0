package main

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/alecthomas/kong"
)

// events is a number of events that is asked for, 1 or more; 0 is a flag that
// was not given.
type events int

// Decode reads the flag's value itself: the parser takes the "-3" of
// "--limit -3" for a flag of one letter, and says so.
func (n *events) Decode(ctx *kong.DecodeContext) error {
	token := ctx.Scan.Pop()
	if token.IsEOL() {
		return errors.New("expected a number of events")
	}
	text := fmt.Sprint(token.Value)
	value, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return fmt.Errorf("%q is not a number of events", text)
	case value < 1:
		return fmt.Errorf("%d is less than 1", value)
	}
	*n = events(value)
	return nil
}
