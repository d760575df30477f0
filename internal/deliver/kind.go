package deliver

import "strconv"

// A Kind is what an error of [Sender.Put] means.
type Kind int

const (
	// Other is what none of the following says; see Failure.Code and Status.
	Other Kind = iota
	// Throttled: the service wants fewer requests.
	Throttled
	// Unavailable: the service, or a proxy before it, failed (5xx).
	Unavailable
	// Timeout: no connection or no answer in time.
	Timeout
	// Reset: the connection broke before the answer.
	Reset
	// Unreachable: no connection (refused, no route, TLS refused).
	Unreachable
	// DNS: the name of the endpoint was not found.
	DNS
	// Denied: no permission, or keys that the service does not accept.
	Denied
	// Expired: the credentials' time is over.
	Expired
	// NoCredentials: no credentials were found.
	NoCredentials
	// ClockSkew: the signature was refused because this machine's clock is off.
	ClockSkew
	// Missing: the group or the stream does not exist, and may not or could
	// not be created as the settings want it.
	Missing
	// Invalid: the service refused the content.
	Invalid
	// TooLarge: the service, or a proxy before it, refused the size of the body.
	TooLarge
	// Cancelled: the caller's context was cancelled.
	Cancelled
)

var kindNames = [...]string{
	Other:         "other",
	Throttled:     "throttled",
	Unavailable:   "unavailable",
	Timeout:       "timeout",
	Reset:         "connection reset",
	Unreachable:   "unreachable",
	DNS:           "name not found",
	Denied:        "denied",
	Expired:       "expired credentials",
	NoCredentials: "no credentials",
	ClockSkew:     "clock skew",
	Missing:       "missing",
	Invalid:       "invalid",
	TooLarge:      "too large",
	Cancelled:     "cancelled",
}

// String returns the kind in a word or two, as it stands in messages.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return "kind " + strconv.Itoa(int(k))
	}
	return kindNames[k]
}
