package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

// An outcome is what a run came to: what the peer says and what the sink saw.
type outcome struct {
	drive.Result
	Sink    drive.Counts
	Error   string `json:",omitempty"` // why there is no more than that
	Earlier string `json:",omitempty"` // how it came about, if not with the others of its table
}

// arrived is how many records the sink got: without those that the peer wrote by
// itself.
func (o *outcome) arrived() int64 { return o.Sink.Events - o.Own }

// summary is for who watches.
func (o *outcome) summary(l *drive.Load) string {
	if o.Error != "" {
		return o.Error
	}
	used, _ := cpu(l, o)
	text := fmt.Sprintf("%.0f ns/call, %.0f CPU ns/record, %d MiB", o.CallSeconds*1e9/float64(l.Records), used, o.PeakRSS>>20)
	if !slices.Contains(discards, l.Peer) {
		text += fmt.Sprintf(", %d of %d arrived, %d requests, %d connections, close %.3f s", o.arrived(), l.Records, o.Sink.Requests, o.Sink.Connections, o.CloseSeconds)
	}
	if o.Max > 0 { // each call was timed
		text += fmt.Sprintf(", p50 %.0f ns, p99.9 %.0f ns", o.P50, o.P999)
	}
	if o.Trouble != "" {
		text += "; it said: " + o.Trouble
	}
	return text
}

// patience is how long a run may take; the longest take a minute and a half.
const patience = 10 * time.Minute

// compare has one peer carry one load, against a sink of its own; each is a
// process. Whatever prevents a figure is the outcome's error.
func compare(ctx context.Context, s *scenario, peer string) *outcome {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("%s took more than %v", peer, patience))
	defer cancel()
	o, err := attempt(ctx, s, peer)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err == nil && len(o.Sink.Invalid) > 0 {
		err = fmt.Errorf("%s sent what the service refuses: %s", peer, o.Sink.Invalid[0])
	}
	if err != nil {
		o.Error = err.Error()
	}
	return o
}

func attempt(ctx context.Context, s *scenario, peer string) (*outcome, error) {
	o := new(outcome)
	dir, err := os.MkdirTemp("", "compare")
	if err != nil {
		return o, err
	}
	defer os.RemoveAll(dir)
	env := environment()
	if s.TLS {
		env = append(env, caFile+"="+filepath.Join(dir, "ca.pem"))
	}
	if s.profiles != "" {
		env = append(env, "COMPARE_PROFILE="+s.profiles)
	}
	at, stop, err := startSink(s, env)
	if err != nil {
		return o, err
	}
	defer stop()

	l := s.loadOf(peer)
	l.API, l.Control, l.Dir = at.API, at.Control, dir
	if s.Delay > 0 {
		if err := l.Set("delay=" + s.Delay.String()); err != nil {
			return o, err
		}
	}
	if o.Result, err = carry(ctx, l, env); err != nil {
		return o, fmt.Errorf("%s: %w", peer, err)
	}
	o.Sink, err = drive.CountsOf(at.Control)
	return o, err
}

// carry runs the peer's process, and returns what it says.
func carry(ctx context.Context, l *drive.Load, env []string) (res drive.Result, err error) {
	text, err := json.Marshal(l)
	if err != nil {
		return res, err
	}
	cmd := command(ctx, l.Peer, string(text))
	var said, complained bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = env, &said, &complained
	if err := cmd.Run(); err != nil {
		return res, fmt.Errorf("%w: %s", err, complaint(complained.Bytes()))
	}
	return res, json.Unmarshal(lastLine(said.Bytes()), &res)
}

// environment is ours without what would make an AWS SDK behave in another way
// than by default, or look for another way to the sink.
func environment() []string {
	env := slices.DeleteFunc(os.Environ(), func(pair string) bool {
		name, _, _ := strings.Cut(strings.ToLower(pair), "=")
		return strings.HasPrefix(name, "aws_") || strings.HasSuffix(name, "_proxy")
	})
	return append(env, "AWS_ACCESS_KEY_ID=k", "AWS_SECRET_ACCESS_KEY=s", "AWS_EC2_METADATA_DISABLED=true", "AWS_REGION=us-east-1",
		"AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull)
}

// complaint is the line of a program's last words that says most.
func complaint(text []byte) []byte {
	for line := range bytes.Lines(text) {
		if bytes.Contains(line, []byte("Error: ")) { // as Python and Node.js have it, between other things
			return bytes.TrimSpace(line)
		}
	}
	return lastLine(text)
}

func lastLine(text []byte) []byte {
	text = bytes.TrimSpace(text)
	return text[bytes.LastIndexByte(text, '\n')+1:]
}

// startSink starts one, and returns what ends it.
func startSink(s *scenario, env []string) (at address, stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return at, nil, err
	}
	cmd := exec.Command(self, "sink", fmt.Sprintf("-validate=%t", s.Validate), fmt.Sprintf("-tls=%t", s.TLS))
	cmd.Env, cmd.Stderr = env, os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return at, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return at, nil, err
	}
	if err := cmd.Start(); err != nil {
		return at, nil, err
	}
	stop = func() {
		in.Close()
		io.Copy(io.Discard, out)
		cmd.Wait()
	}
	if err := json.NewDecoder(out).Decode(&at); err != nil {
		stop()
		return at, nil, fmt.Errorf("sink: %w", err)
	}
	return at, stop, nil
}

// command returns the process of a peer, which gets its load as an argument.
func command(ctx context.Context, peer, text string) *exec.Cmd {
	if f, ok := foreigners[peer]; ok {
		return exec.CommandContext(ctx, f.command[0], append(slices.Clone(f.command[1:]), text)...)
	}
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	return exec.CommandContext(ctx, self, "drive", text)
}
