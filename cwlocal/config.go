package cwlocal

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"time"
)

// Config configures a [Server]. The zero value, and nil, is a server in memory.
type Config struct {
	// Dir is the directory that the data is kept in. If empty, it is kept in
	// memory and lost at Close.
	Dir string
	// AccountID is the account that owns everything, 12 digits. If empty, 000000000000.
	AccountID string
	// Region is the region of requests that carry no signature; a signature
	// says its own. If empty, us-east-1.
	Region string
	// Hosts are the host names, besides those of the loopback interface, under
	// which the page, faults and metrics may be reached. The API itself answers
	// under any name.
	Hosts []string
	// Logger hears of every request (level Debug) and of failures of the
	// server's own (Error). If nil, the server is silent.
	Logger *slog.Logger
	// ExpireEvery is how often events past their group's retention are removed;
	// they are invisible before that. If zero, one minute.
	ExpireEvery time.Duration
	// AllowFaults lets programs on this machine set [Faults], and the clock of a
	// request, over HTTP: see docs/faults.md. Go programs need no permission.
	AllowFaults bool
	// MaxConns bounds the connections that [Server.Serve] keeps open at a time.
	// If zero, 1024.
	MaxConns int
}

var (
	accountPattern = regexp.MustCompile(`^[0-9]{12}$`)
	regionPattern  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)
)

// withDefaults returns a copy with every zero field filled in.
func (c *Config) withDefaults() Config {
	var d Config
	if c != nil {
		d = *c
	}
	d.AccountID = cmp.Or(d.AccountID, "000000000000")
	d.Region = cmp.Or(d.Region, "us-east-1")
	d.ExpireEvery = cmp.Or(d.ExpireEvery, time.Minute)
	d.MaxConns = cmp.Or(d.MaxConns, 1024)
	if d.Logger == nil {
		d.Logger = slog.New(slog.DiscardHandler)
	}
	return d
}

func (c *Config) validate() error {
	var errs []error
	bad := func(field string, value any, want string) {
		errs = append(errs, fmt.Errorf("%s %#v: want %s", field, value, want))
	}
	if !accountPattern.MatchString(c.AccountID) {
		bad("AccountID", c.AccountID, "12 digits")
	}
	if !regionPattern.MatchString(c.Region) {
		bad("Region", c.Region, "a name such as eu-west-1")
	}
	if c.ExpireEvery < 0 {
		bad("ExpireEvery", c.ExpireEvery.Seconds(), "a positive number of seconds")
	}
	if c.MaxConns < 0 {
		bad("MaxConns", c.MaxConns, "a positive number")
	}
	for _, h := range c.Hosts {
		if h == "" || strings.ContainsAny(h, "/ ") {
			bad("Hosts", h, "a host name without scheme and path")
		}
	}
	return errors.Join(errs...)
}
