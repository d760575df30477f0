package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"regexp"
	"syscall"

	"github.com/watchtower-go/watchtower/cwlocal"
	"github.com/watchtower-go/watchtower/internal/term"
)

// localCmd serves the API of CloudWatch Logs on this machine.
type localCmd struct {
	Listen  string  `default:"127.0.0.1:4586" placeholder:"HOST:PORT" help:"Address to listen at; port 0 takes a free one. Default: 127.0.0.1:4586."`
	Data    dataDir `placeholder:"DIR" help:"Keep everything in this directory. If not set, in memory until the server stops."`
	Account string  `default:"000000000000" placeholder:"ID" help:"Account id in ARNs, 12 digits. Default: 000000000000."`
	Region  string  `default:"us-east-1" placeholder:"NAME" help:"Region of requests that are not signed for one. Default: us-east-1."`

	AllowFaults bool `help:"Let programs on this machine set faults (throttling, resets, lost answers …) over HTTP, to test clients with: see docs/faults.md."`
}

// Help is what "watchtower local --help" says below the first line.
func (*localCmd) Help() string {
	return `Every AWS SDK, the AWS CLI and this library talk to it as to AWS. Signatures are not checked: any keys will do. When it is ready it prints one line, "listening on http://…", to standard output; SIGINT and SIGTERM stop it after the requests under way.

Examples:

    watchtower local
    watchtower local --data ./logs
    watchtower local --listen 127.0.0.1:0

    export AWS_ENDPOINT_URL=http://127.0.0.1:4586
    export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
    export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
    aws logs create-log-group --log-group-name my-app`
}

// Validate is called by the parser of the command line.
func (l *localCmd) Validate() error {
	_, port, err := net.SplitHostPort(l.Listen)
	if err != nil {
		return fmt.Errorf("--listen: %q is not HOST:PORT", l.Listen)
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return fmt.Errorf("--listen: %q is not a port: write a number up to 65535, or 0 for a free one", port)
	}
	if !isAccount(l.Account) {
		return fmt.Errorf("--account: %q is not 12 digits", l.Account)
	}
	if !regionName.MatchString(l.Region) {
		return fmt.Errorf("--region: %q is not a name such as eu-west-1", l.Region)
	}
	return nil
}

// regionName is what the name of a region looks like; it is part of every ARN.
var regionName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

// isAccount tells whether id has the form of an AWS account id, which is part
// of every ARN.
func isAccount(id string) bool {
	for _, r := range id {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(id) == 12
}

// Run serves until it is told to stop.
func (l *localCmd) Run(ctx context.Context, con *console) error {
	kept := l.whereKept() // before the server has made it
	server, err := cwlocal.New(&cwlocal.Config{
		Dir: string(l.Data), AccountID: l.Account, Region: l.Region, AllowFaults: l.AllowFaults,
		Logger: slog.New(slog.NewTextHandler(con.err, nil)),
	})
	if err != nil {
		return explainStore(err, string(l.Data))
	}
	// The kernel queues connections from here on: the line below may be
	// printed before Serve accepts the first.
	listener, err := net.Listen("tcp", l.Listen)
	if err != nil {
		return errors.Join(explainListen(err, l.Listen), server.Close())
	}
	url := clientURL(listener.Addr())
	fmt.Fprintln(con.out, "listening on", url)
	l.greet(con.err, listener.Addr(), url, kept)
	return errors.Join(server.Serve(ctx, listener), server.Close())
}

// clientURL is where programs on this machine reach the server. A server that
// listens at every address (0.0.0.0, [::]) has none of its own to name: those
// are no addresses that a client can go to, except on some systems.
func clientURL(addr net.Addr) string {
	if a, ok := addr.(*net.TCPAddr); ok && a.IP.IsUnspecified() {
		return fmt.Sprintf("http://127.0.0.1:%d", a.Port)
	}
	return "http://" + addr.String()
}

// greet tells how to point a client at the server. It goes to standard error:
// standard output is for programs that wait for the one line.
func (l *localCmd) greet(w *term.Screen, addr net.Addr, url, kept string) {
	if a, ok := addr.(*net.TCPAddr); ok && !a.IP.IsLoopback() {
		fmt.Fprintf(w, "%s whoever reaches %s can read, write and delete all logs here\n", w.Paint(term.Yellow, "warning:"), addr)
	}
	fmt.Fprintf(w, "account %s, %s; logs are kept %s\n\n", l.Account, l.Region, kept)
	if l.AllowFaults {
		fmt.Fprintf(w, "faults can be set at %s/_watchtower/faults\n\n", url)
	}
	fmt.Fprintln(w, "for every AWS client:")
	fmt.Fprintln(w, w.Paint(term.Cyan, "  export AWS_ENDPOINT_URL="+url))
	// AWS CLI v1 and boto3 read the second name only, other SDKs the first.
	fmt.Fprintln(w, w.Paint(term.Cyan, "  export AWS_REGION="+l.Region+" AWS_DEFAULT_REGION="+l.Region))
	fmt.Fprintln(w, w.Paint(term.Cyan, "  export AWS_ACCESS_KEY_ID="+placeholderKey+" AWS_SECRET_ACCESS_KEY="+placeholderSecret))
	fmt.Fprint(w, "stop with Ctrl-C\n\n")
}

// whereKept says where the logs are kept. It is called before the server opens
// the directory, to tell a store that goes on from one that begins.
func (l *localCmd) whereKept() string {
	if l.Data == "" {
		return "in memory, gone when the server stops"
	}
	dir := string(l.Data)
	if beside(dir) {
		return "in " + dir + ", in a new file store.db beside what is there"
	}
	return "in " + dir
}

// explainListen says why an address cannot be listened at.
func explainListen(err error, address string) error {
	host, _, _ := net.SplitHostPort(address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return withHints(fmt.Errorf("%s is in use by another program", address),
			"perhaps a watchtower local runs already; use that one, or take a free port: --listen "+net.JoinHostPort(host, "0"))
	case errors.Is(err, syscall.EACCES):
		return withHints(fmt.Errorf("listening at %s is not permitted", address), "ports below 1024 belong to the system: take a higher one")
	case errors.Is(err, syscall.EADDRNOTAVAIL), isType[*net.DNSError](err):
		return withHints(fmt.Errorf("%s is not an address of this machine", address), "leave --listen out to use the loopback address")
	}
	return fmt.Errorf("listen at %s: %w", address, err)
}
