package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/spool"
	"github.com/watchtower-go/watchtower/internal/term"
)

// spoolExportCmd prints what is in a spool.
type spoolExportCmd struct {
	Dir    string `arg:"" placeholder:"DIR" help:"The spool, a subfolder of it, or one segment file."`
	Output string `short:"o" enum:"ndjson,text" default:"ndjson" placeholder:"FORMAT" help:"ndjson (the default): one JSON object a line. text: time, stream and message."`
}

// Help is what "watchtower spool export --help" says below the first line.
func (*spoolExportCmd) Help() string {
	return `It prints the events that are not delivered yet, subfolder by subfolder in the order in which they would be delivered, those of locked subfolders too. Nothing is changed or removed. If a file is damaged, all that can be read is printed, the damage is told on standard error, and the exit code is 1.

Examples:

    watchtower spool export /var/spool/my-app > left.ndjson
    watchtower spool export /var/spool/my-app -o text | grep ERROR`
}

// Run prints all events.
func (x *spoolExportCmd) Run(ctx context.Context, con *console) error {
	w := bufio.NewWriterSize(con.out, 64<<10)
	out := &spoolWriter{w: w, screen: con.out, text: x.Output == "text"}
	progress := con.err.Progress("event")
	n := int64(0)
	err := spool.Walk(x.Dir, func(e cwl.Event, at spool.Place) error {
		if ctx.Err() != nil {
			return errInterrupted
		}
		n++
		progress.Show(n, "in "+filepath.Base(at.Path))
		return out.event(&e, at)
	})
	progress.Clear()
	flushed := w.Flush()
	switch {
	case errors.Is(err, errInterrupted):
		return err
	case isType[writeError](err):
		return fmt.Errorf("write the result: %w", err)
	case flushed != nil:
		return fmt.Errorf("write the result: %w", flushed)
	case n == 0:
		return x.explainNothing(err)
	}
	return x.explainDamage(err)
}

// explainNothing tells a spool without events from what is no spool.
func (x *spoolExportCmd) explainNothing(err error) error {
	if strings.HasSuffix(x.Dir, segmentEnding) {
		if _, err := os.Stat(x.Dir); errors.Is(err, fs.ErrNotExist) {
			return withHints(fmt.Errorf("there is no file %s", x.Dir), "a segment goes when its events are delivered; see what is left with: watchtower spool ls DIR")
		}
		return x.explainDamage(err)
	}
	if segments, _ := filepath.Glob(filepath.Join(x.Dir, "*"+segmentEnding)); len(segments) > 0 {
		return x.explainDamage(err)
	}
	if _, err := listSpool(x.Dir); err != nil {
		return err
	}
	return x.explainDamage(err)
}

// explainDamage says what of the spool could not be printed. A record that a
// living process is writing at this moment looks like a damaged tail, and is
// none.
func (x *spoolExportCmd) explainDamage(err error) error {
	list, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err
	}
	locked := map[string]bool{}
	if infos, err := spool.List(x.Dir); err == nil {
		for _, i := range infos {
			locked[i.Path] = i.Locked
		}
	}
	var damage []error
	for _, err := range list.Unwrap() {
		d, ok := errors.AsType[*spool.DamageError](err)
		if !ok || !d.Tail || !locked[filepath.Dir(d.Path)] {
			damage = append(damage, err)
		}
	}
	if len(damage) == 0 {
		return nil
	}
	hints := []string{"what could be read was printed; nothing was changed"}
	for _, more := range damage[1:] {
		hints = append(hints, "also: "+more.Error())
	}
	return withHints(damage[0], hints...)
}

// A spoolWriter prints events of a spool.
type spoolWriter struct {
	w      io.Writer
	screen *term.Screen
	text   bool
	buf    []byte // of the last event, for the next
}

// event takes the text out of the fragment in which the library keeps it.
func (s *spoolWriter) event(e *cwl.Event, at spool.Place) error {
	var fragment struct{ Message string }
	if err := json.Unmarshal(e.Fragment, &fragment); err != nil {
		return fmt.Errorf("event %d of %s: %w", at.Event, at.Path, err)
	}
	if s.text {
		s.line(e, fragment.Message)
	} else {
		s.object(e, fragment.Message)
	}
	if _, err := s.w.Write(s.buf); err != nil {
		return writeError{err}
	}
	return nil
}

// line writes what get writes, with the stream between time and message.
func (s *spoolWriter) line(e *cwl.Event, message string) {
	stream, message := e.Stream, strings.TrimSuffix(message, "\n")
	if s.screen.IsTerminal() {
		stream, message = term.Visible(stream), term.Visible(message)
	}
	when := time.UnixMilli(e.Time).UTC().Format(textTime)
	s.buf = append(s.buf[:0], s.screen.Paint(term.Faint, when+" "+stream)+" "+message+"\n"...)
}

// object writes the names of the API, and the stream.
func (s *spoolWriter) object(e *cwl.Event, message string) {
	b := strconv.AppendInt(append(s.buf[:0], `{"timestamp":`...), e.Time, 10)
	b = appendQuoted(append(b, `,"stream":`...), e.Stream)
	b = appendQuoted(append(b, `,"message":`...), message)
	s.buf = append(b, "}\n"...)
}
