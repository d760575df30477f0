package main

import (
	"context"
	"errors"
	"net"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower/cwlocal"
)

// A stage is the CloudWatch Logs that a demo plays on: AWS, or a local server
// of its own.
type stage struct {
	*connection
	url   string // of the local server, "" for AWS
	close func() error
}

// open connects to AWS or starts a server on a free port of the loopback
// address.
func (d *demoCmd) open(ctx context.Context) (*stage, error) {
	if !d.AWS {
		return openLocal(ctx)
	}
	e := endpoint{Region: d.Region, Profile: d.Profile}
	c, err := e.connect(ctx)
	return &stage{connection: c, close: func() error { return nil }}, err
}

// openLocal starts a server in memory that lives as long as the stage.
func openLocal(ctx context.Context) (*stage, error) {
	const address = "127.0.0.1:0"
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, explainListen(err, address)
	}
	server, err := cwlocal.New(nil)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	// The server outlives ctx: what is under way when a demo is interrupted ends first.
	serving, cancel := context.WithCancel(context.WithoutCancel(ctx))
	served := make(chan error, 1)
	go func() { served <- server.Serve(serving, listener) }()

	url := "http://" + listener.Addr().String()
	transport := &http.Transport{MaxIdleConnsPerHost: burstWorkers}
	s := &stage{url: url, connection: connectLocal(url, transport)}
	s.close = func() error {
		// A server that stops waits for connections on which nothing was sent yet.
		transport.CloseIdleConnections()
		cancel()
		return errors.Join(<-served, server.Close())
	}
	return s, nil
}

// connectLocal makes a client of a server on this machine. It reads no
// configuration of AWS, so that nothing in it can spoil a first impression,
// and the transport should use no proxy.
func connectLocal(url string, transport http.RoundTripper) *connection {
	return &connection{
		Client: cloudwatchlogs.New(cloudwatchlogs.Options{
			BaseEndpoint: &url, Region: defaultEndpointRegion,
			HTTPClient:  &http.Client{Transport: transport},
			Credentials: credentials.NewStaticCredentialsProvider(placeholderKey, placeholderSecret, ""),
		}, withPatience),
		region: defaultEndpointRegion,
		server: url,
	}
}
