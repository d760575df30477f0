package main

import (
	"context"
	"errors"
	"net"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower/cwlocal"
)

// A stage is the CloudWatch Logs that a demo plays on: AWS, or a local server
// of its own.
type stage struct {
	*connection
	url  string // of the local server, "" for AWS
	stop func() error
}

// open connects to AWS or starts a server on a free port of the loopback
// address.
func (d *demoCmd) open(ctx context.Context) (*stage, error) {
	if d.AWS {
		e := endpoint{Region: d.Region, Profile: d.Profile}
		c, err := e.connect(ctx)
		return &stage{connection: c, stop: func() error { return nil }}, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, explainListen(err, "127.0.0.1:0")
	}
	server, err := cwlocal.New(&cwlocal.Config{})
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	// The server outlives ctx: an interrupted demo still reads and closes.
	serving, cancel := context.WithCancel(context.WithoutCancel(ctx))
	served := make(chan error, 1)
	go func() { served <- server.Serve(serving, listener) }()
	s := &stage{url: "http://" + listener.Addr().String()}
	s.stop = func() error {
		cancel()
		return errors.Join(<-served, server.Close())
	}
	s.connection = connectLocal(s.url)
	return s, nil
}

// connectLocal makes a client of the demo's own server. It reads no
// configuration of AWS, so that nothing in it can spoil a first impression.
func connectLocal(url string) *connection {
	return &connection{
		Client: cloudwatchlogs.New(cloudwatchlogs.Options{
			BaseEndpoint: &url, Region: defaultEndpointRegion,
			Credentials: credentials.NewStaticCredentialsProvider(placeholderKey, placeholderSecret, ""),
		}, withPatience),
		region: defaultEndpointRegion,
		server: url,
	}
}

func (s *stage) close() error { return s.stop() }
