package cwlocal

import (
	"time"
)

// A Fault is one rule: which calls it hits, and what it does to them. In JSON,
// over HTTP, the fields have the names of docs/faults.md.
type Fault struct {
	// Kind is what it does.
	Kind FaultKind

	// Operation is the operation that it hits, such as "PutLogEvents". If empty, all.
	Operation string
	// Group is the name of the log group whose calls it hits, given in the
	// request by name or by ARN. If empty, all calls.
	Group string
	// Times is how many calls it hits, the next ones. If zero, all until
	// [Faults.Clear].
	Times int
	// Probability, above 0 and up to 1, is that of hitting a call that fits. If
	// zero, each is hit.
	Probability float64
	// Seed is where the dice for Probability begin: with the same seed, the
	// same ones of the calls that fit, counted in their order, are hit.
	Seed uint64

	// Delay is how long the call waits before all else. Of every kind.
	Delay time.Duration

	// Status is the HTTP status of the answer, 400 to 599, of FaultFail. If
	// zero, 500. Code and Message are the error in it; if empty, what the
	// service says with that status.
	Status        int
	Code, Message string
	// RetryAfter is sent as the header Retry-After, in seconds rounded up, by
	// FaultThrottle and FaultFail. If zero, there is no such header.
	RetryAfter time.Duration

	// TooOld and Expired are how many events from the start of a batch
	// FaultReject leaves out, TooNew how many at its end. TooOld and Expired
	// are both counted from the start, as in the service's answer: with 2 and 3
	// the first three are left out, two for their age and the third for the
	// group's retention. Beyond the batch's length they are the whole batch.
	TooOld, Expired, TooNew int
	// Bytes is the size above which FaultMaxEvent refuses an event: its message
	// and 26 bytes.
	Bytes int
	// Text is what an event's message contains that FaultPoison refuses.
	Text string
	// Skew is how far FaultClockSkew puts the server's clock forward or, if
	// negative, back.
	Skew time.Duration
}

// A FaultKind names what a [Fault] does.
type FaultKind string

// The kinds. Of those that end a call, only the first that hits takes effect;
// FaultDelay, FaultReject and FaultClockSkew add up. Those that are about what
// is stored (FaultResetAnswer, FaultLoseAnswer, FaultReject, FaultMaxEvent and
// FaultPoison) leave alone a put that the server refuses by itself, such as one
// to a stream that does not exist, and keep their turn.
const (
	// FaultThrottle answers 400 ThrottlingException, "Rate exceeded".
	FaultThrottle FaultKind = "throttle"
	// FaultFail answers with Status, Code and Message.
	FaultFail FaultKind = "fail"
	// FaultAccessDenied answers 400 AccessDeniedException, as without a policy.
	FaultAccessDenied FaultKind = "access-denied"
	// FaultExpiredToken answers 400 ExpiredTokenException, as to credentials
	// whose time is over.
	FaultExpiredToken FaultKind = "expired-token"

	// FaultDelay only waits, for Delay.
	FaultDelay FaultKind = "delay"
	// FaultReset resets the connection when the whole request has been read.
	// Nothing takes effect.
	FaultReset FaultKind = "reset"
	// FaultResetEarly resets it when the header has been read, before the body.
	// The group is not known then: Group must be empty.
	FaultResetEarly FaultKind = "reset-early"
	// FaultResetRequest resets it when half of the body has been read. Group
	// must be empty.
	FaultResetRequest FaultKind = "reset-request"
	// FaultResetAnswer carries the operation out and closes the connection in
	// the middle of the answer's body; where that is empty, before the answer.
	// Puts that would be refused anyway are not hit.
	FaultResetAnswer FaultKind = "reset-answer"
	// FaultLoseAnswer carries the operation out and resets the connection
	// instead of answering: the client cannot know that its put was stored.
	// Puts that would be refused anyway are not hit.
	FaultLoseAnswer FaultKind = "lose-answer"

	// FaultReject stores a put without its first TooOld or Expired and its last
	// TooNew events, and reports these in rejectedLogEventsInfo.
	FaultReject FaultKind = "reject"
	// FaultMaxEvent answers a put with an event of more than Bytes with
	// InvalidParameterException, as an endpoint that has the limit of 256 KiB
	// (262,144 bytes) still. It only hits such puts.
	FaultMaxEvent FaultKind = "max-event"
	// FaultPoison answers a put with an event that contains Text with
	// InvalidParameterException. It only hits such puts.
	FaultPoison FaultKind = "poison"

	// FaultClockSkew shifts the server's clock by Skew: in the header Date, in
	// what is too old or too new, and for the signature, which is refused with
	// InvalidSignatureException (or Code) when X-Amz-Date is more than five
	// minutes off. The signature itself is not checked.
	FaultClockSkew FaultKind = "clock-skew"
)

// A kindOfFault is what the rules need to know of a kind.
type kindOfFault struct {
	name   FaultKind
	takes  []string // the fields, by their names in JSON, that mean something to it
	early  bool     // strikes before the body is read
	puts   bool     // only hits PutLogEvents, and only one that could be stored
	stored bool     // hits other operations too, but of puts only such
	adds   bool     // does not end the call
}

var kindsOfFaults = []kindOfFault{
	{name: FaultThrottle, takes: []string{"retryAfter"}},
	{name: FaultFail, takes: []string{"status", "code", "message", "retryAfter"}},
	{name: FaultAccessDenied},
	{name: FaultExpiredToken},
	{name: FaultDelay, adds: true},
	{name: FaultReset},
	{name: FaultResetEarly, early: true},
	{name: FaultResetRequest, early: true},
	{name: FaultResetAnswer, stored: true},
	{name: FaultLoseAnswer, stored: true},
	{name: FaultReject, takes: []string{"tooOld", "expired", "tooNew"}, puts: true, adds: true},
	{name: FaultMaxEvent, takes: []string{"bytes"}, puts: true},
	{name: FaultPoison, takes: []string{"text"}, puts: true},
	{name: FaultClockSkew, takes: []string{"skew", "code"}, adds: true},
}

// kind returns what is known of the fault's kind; nil if there is none of the name.
func (f *Fault) kind() *kindOfFault {
	for i := range kindsOfFaults {
		if kindsOfFaults[i].name == f.Kind {
			return &kindsOfFaults[i]
		}
	}
	return nil
}
