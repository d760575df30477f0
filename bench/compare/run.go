package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

// An outcome is what a run came to: what the peer says and what the sink saw.
type outcome struct {
	drive.Result
	Sink  drive.Counts
	Error string `json:",omitempty"` // why there is no more than that
}

// arrived is how many records the sink got: without those that the peer wrote by
// itself.
func (o *outcome) arrived() int64 { return o.Sink.Events - o.Own }

// summary is for who watches.
func (o *outcome) summary(l *drive.Load) string {
	if o.Error != "" {
		return o.Error
	}
	return fmt.Sprintf("%.0f ns/call, %.0f CPU ns/event, %d of %d arrived, %d requests, %d connections, close %.3f s, %d MiB, p50 %.0f p99.9 %.0f",
		o.CallSeconds*1e9/float64(l.Records), o.CPUSeconds*1e9/float64(max(1, o.Sink.Events)), o.Sink.Events, l.Records,
		o.Sink.Requests, o.Sink.Connections, o.CloseSeconds, o.PeakRSS>>20, o.P50, o.P999)
}

// compare has one peer carry one load, against a sink of its own; each is a
// process.
func compare(s *scenario, peer string) *outcome {
	o, err := attempt(s, peer)
	if err != nil {
		o.Error = err.Error()
	}
	return o
}

func attempt(s *scenario, peer string) (*outcome, error) {
	o := new(outcome)
	dir, err := os.MkdirTemp("", "compare")
	if err != nil {
		return o, err
	}
	defer os.RemoveAll(dir)
	env := append(os.Environ(), "AWS_ACCESS_KEY_ID=k", "AWS_SECRET_ACCESS_KEY=s", "AWS_EC2_METADATA_DISABLED=true", "AWS_REGION=us-east-1")
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
	text, err := json.Marshal(l)
	if err != nil {
		return o, err
	}
	cmd := command(peer, string(text))
	var said, complained bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = append(env, cmd.Env...), &said, &complained
	if err := cmd.Run(); err != nil {
		return o, fmt.Errorf("%s: %w: %s", peer, err, lastLine(complained.Bytes()))
	}
	if err := json.Unmarshal(lastLine(said.Bytes()), &o.Result); err != nil {
		return o, fmt.Errorf("%s: %w", peer, err)
	}
	o.Sink, err = drive.CountsOf(at.Control)
	return o, err
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

// foreign are the peers that are programs of their own: those in other
// languages, and one that brings so many libraries along that all others would
// be bigger for it.
var foreign = map[string][]string{
	"python":  {"python3", "others/python/drive.py"},
	"winston": {"node", "others/node/drive.js"},
	"moby":    {"bin/moby"},
}

// command returns the process of a peer, which gets its load as an argument.
func command(peer, text string) *exec.Cmd {
	if words, ok := foreign[peer]; ok {
		return exec.Command(words[0], append(slices.Clone(words[1:]), text)...)
	}
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	return exec.Command(self, "drive", text)
}

// buildForeign makes those that have to be built.
func buildForeign() error {
	out, err := exec.Command("go", "build", "-o", "bin/moby", "./moby").CombinedOutput()
	if err != nil {
		return fmt.Errorf("go build ./moby: %w: %s", err, lastLine(out))
	}
	return nil
}
