// Package deliver sends ready PutLogEvents bodies to CloudWatch Logs through
// the official SDK's concrete client, creates the log group and the log
// streams that turn out to be missing, and says what an error means.
//
// It keeps no queue and no clock of its own: who calls [Sender.Put] decides
// how many requests are in flight, when a failed one is tried again and what
// becomes of its events. It never asks what exists (no Describe call): a put
// that finds its stream missing is the question and the answer.
//
// The SDK's own way from []types.InputLogEvent to the wire costs 2.7 µs and
// 2 KB an event. Here the body arrives finished and takes the place of what
// the SDK's serializer would write; endpoint, credentials, signature and
// error decoding remain the SDK's.
package deliver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// Settings say where a [Sender] puts events and what it may create there.
type Settings struct {
	// Group is the name of the log group.
	Group string
	// NoCreateLogGroup and NoCreateLogStream leave what is missing missing:
	// Put fails with a [*MissingError].
	NoCreateLogGroup, NoCreateLogStream bool

	// RetentionDays is the retention of a group that is created. If zero, its
	// events never expire.
	RetentionDays int
	// EnforceRetention sets RetentionDays, if that is not zero, on an existing
	// group too, once, after the first put that succeeds.
	EnforceRetention bool
	// Tags, KMSKeyID, LogGroupClass and DeletionProtection are given to a
	// group that is created. If zero, the service's defaults.
	Tags               map[string]string
	KMSKeyID           string
	LogGroupClass      string
	DeletionProtection bool

	// Notify hears of problems that fail no put, such as a retention that
	// could not be set. It is called from the goroutine of a Put or of a
	// creation, maybe several at once. If nil, nobody hears of them.
	Notify func(error)
}

// A Sender puts events into the streams of one log group. Its methods may be
// called by any number of goroutines.
type Sender struct {
	client   *cloudwatchlogs.Client
	settings Settings
	creds    aws.CredentialsProvider // the client's, its failures marked; nil if it has none
	short    *shortcut               // nil if the SDK makes each put from nothing
	retryer  aws.Retryer             // of creations; puts are never retried by the SDK

	gzipOff   atomic.Bool // a server refused a compressed body and took the same plain
	gzipRead  atomic.Bool // a server took a compressed body
	retention retention
	group     maker

	mu      sync.Mutex
	streams map[string]*stream // those with a Put under way, so that it cannot grow
}

// New returns a Sender that sends with client, which stays the caller's and is
// never changed: what differs for our calls is set per call.
func New(client *cloudwatchlogs.Client, s Settings) *Sender {
	sender := &Sender{
		client:   client,
		settings: s,
		retryer:  newCreationRetryer(),
		streams:  make(map[string]*stream),
	}
	if p := client.Options().Credentials; p != nil {
		sender.creds = &provider{next: p}
	}
	sender.short = newShortcut(client, sender.creds)
	return sender
}

// A Request is one PutLogEvents.
type Request struct {
	// Stream is the name of the log stream, the one that stands in Body.
	Stream string
	// Body is the complete body of the request (awsJson1_1). It must stay
	// unchanged until Put returns; afterwards nobody reads it any more.
	Body []byte
	// Gzip is Body compressed, or nil where that does not pay. The same holds
	// for it.
	Gzip []byte
}

// An Answer tells which events of a Request were not stored, in the terms of
// rejectedLogEventsInfo (API page RejectedLogEventsInfo): indexes into its
// events, -1 where there is nothing to say.
type Answer struct {
	// TooOldEnd: the events before it are older than 14 days.
	TooOldEnd int
	// ExpiredEnd: the events before it are older than the group's retention.
	ExpiredEnd int
	// TooNewStart: the events from it on are more than 2 hours ahead.
	TooNewStart int
	// EntityErr is the type of error of a refused entity, empty if there is
	// none. The events are stored nevertheless.
	EntityErr string
	// Compressed tells that the body went over the wire as gzip.
	Compressed bool
	// Sends is the number of PutLogEvents requests that it took, 1 or more.
	Sends int
}

// Put sends r and returns what the service says of it. A missing stream or
// group is created, unless forbidden, and the put repeated; a server that
// cannot read gzip gets the plain body; a signature refused for the clock is
// made anew with the server's time. Everything else is returned as it comes:
// [Classify] says what it means. After an error that is not Lost, nothing of r
// is stored.
func (s *Sender) Put(ctx context.Context, r Request) (Answer, error) {
	p := put{s: s, r: &r, stream: s.enter(r.Stream)}
	defer s.leave(r.Stream)

	ctx = context.WithValue(ctx, sendKey{}, true)
	answer, err := p.run(ctx)
	answer.Sends = p.sends
	err = brief(err)
	if errors.Is(err, http.ErrSchemeMismatch) {
		err = fmt.Errorf("%w: the server speaks plain HTTP: use http:// in the endpoint", err)
	}
	if err != nil {
		return answer, fmt.Errorf("put log events to %q/%q: %w", s.settings.Group, r.Stream, err)
	}
	s.enforceRetention(ctx)
	return answer, nil
}

// Compress tells whether a compressed body is of use: false once a server
// refused one and took the same body plain.
func (s *Sender) Compress() bool { return !s.gzipOff.Load() }

// Close closes the idle connections of a client made by [NewClient]; those of
// any other client are left to its owner. No Put may be under way.
func (s *Sender) Close() { CloseIdle(s.client) }

func (s *Sender) notify(err error) {
	if s.settings.Notify != nil {
		s.settings.Notify(err)
	}
}

type sendKey struct{}

// FromSend tells whether ctx belongs to a request of a [Sender]. A record that
// is logged with such a context comes from within our own sending (a logging
// HTTP client, a credential provider) and must not be sent in its turn.
func FromSend(ctx context.Context) bool {
	return ctx.Value(sendKey{}) != nil
}
