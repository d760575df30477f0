package watchtower

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/encode"
	"github.com/watchtower-go/watchtower/internal/engine"
	"github.com/watchtower-go/watchtower/internal/meta"
	"github.com/watchtower-go/watchtower/internal/streamname"
)

// New returns a handler that delivers to the log group of that name. It checks
// the options and returns at once: it never waits for AWS, so that a program
// starts without a network and without credentials. Cancelling ctx later has
// no effect. If opts is nil the defaults are used.
//
// Close the handler before the program ends, or what is in the queue is lost.
func New(ctx context.Context, logGroupName string, opts *Options) (*Handler, error) {
	return newAt(ctx, meta.Here, logGroupName, opts)
}

// newAt is New for a process that runs at a place.
func newAt(ctx context.Context, at *meta.Place, logGroupName string, opts *Options) (*Handler, error) {
	if opts == nil {
		opts = new(Options)
	}
	c := &core{opts: opts.withDefaults()}
	if c.opts.OnError == nil {
		c.console = newConsole()
		c.opts.OnError = c.console.tell
	}
	here := &location{at: at}
	client, err := c.check(ctx, here, logGroupName)
	if err != nil {
		return nil, fmt.Errorf("watchtower: %w", err)
	}
	return c.start(here, c.opts.engineConfig(logGroupName, client))
}

// check parses the template of names, and finds the client and everything that
// is wrong with the options.
func (c *core) check(ctx context.Context, here *location, logGroupName string) (*cloudwatchlogs.Client, error) {
	o := c.opts
	var templateErr, fieldsErr, clientErr error
	if c.template, templateErr = streamname.Parse(o.LogStreamName, nil, here.fixed); templateErr != nil {
		templateErr = wrongOption("LogStreamName", "%w", templateErr)
	}
	c.fields, fieldsErr = o.parseFields(here.fixed)
	client := o.Client
	if client == nil {
		client, clientErr = engine.NewClient(ctx, engine.Connection{Region: o.Region, Profile: o.Profile, EndpointURL: o.EndpointURL})
	}
	return client, errors.Join(cwl.ValidateGroupName(logGroupName), o.validate(), templateErr, fieldsErr, clientErr)
}

// start starts the engine.
func (c *core) start(here *location, config engine.Config) (*Handler, error) {
	name := c.template.Named("")
	config.Home = func(unixMillis int64) string { return name.Expand(unixMillis, nil) }
	var entityErr error // of the environment
	config.Entity, entityErr = c.opts.entity()
	if c.sampler = newSampler(c.opts.Sampling); c.sampler != nil {
		config.Notes = c.sampler
	}
	here.ask(union(c.template.Late(), lateFacts(c.fields)))
	var known []slog.Attr
	known, here.fields = c.opts.fieldAttrs(c.fields, here.value)
	config.Names = here.names()
	e, err := engine.New(config)
	if err != nil {
		here.leave()
		return nil, fmt.Errorf("watchtower: option SpoolDir: %w", public(engine.NewDiskError(err)))
	}
	c.engine = e
	here.tellTo(e)
	if entityErr != nil {
		e.Tell(entityErr)
	}
	if c.sampler != nil {
		c.sampler.wake, c.sampler.attrs = e.Wake, len(c.template.Attrs())
	}
	encoding := c.opts.encoding(c.template.Attrs())
	encoding.Report = (&metricErrors{tell: e.Tell}).report
	encoding.Fields, encoding.Late = known, here.fields
	return &Handler{core: c, enc: encode.New(encoding), name: name}, nil
}
