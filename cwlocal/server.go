package cwlocal

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
)

// A Server is a local CloudWatch Logs. It is safe for concurrent use.
type Server struct {
	cfg    Config
	store  *store.Store
	faults Faults
	times  timeouts

	bodies  sync.Pool // of *[]byte, see body.go
	inflate sync.Pool // of *gzip.Reader

	wake chan struct{} // capacity 1: a retention policy was set
	stop context.CancelFunc
	work sync.WaitGroup // the expiry loop
}

// New opens the data and returns a Server that is ready to serve. A nil cfg is
// the zero Config. The caller calls Close.
func New(cfg *Config) (*Server, error) {
	c := cfg.withDefaults()
	if err := c.validate(); err != nil {
		return nil, fmt.Errorf("cwlocal: %w", err)
	}
	st, err := store.Open(store.Options{Dir: c.Dir})
	if err != nil {
		return nil, fmt.Errorf("cwlocal: open the data: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &Server{cfg: c, store: st, times: defaultTimeouts, wake: make(chan struct{}, 1), stop: stop}
	s.work.Go(func() { s.expire(ctx) })
	return s, nil
}

// Faults returns the faults that the server injects; none at first.
func (s *Server) Faults() *Faults { return &s.faults }

// Close stops the background work and closes the data. Requests that arrive
// later are answered with an error.
func (s *Server) Close() error {
	s.stop()
	s.work.Wait()
	return s.store.Close()
}

// ServeHTTP answers one request: an API operation (POST / with X-Amz-Target, or
// in the query protocol for STS), the faults, or a page of the server itself.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Header.Get("X-Amz-Target") != "" || r.Method == http.MethodPost && (r.URL.Path == "/" || r.URL.Path == ""):
		s.serveAPI(w, r)
	case r.URL.Path == "/healthz":
		s.serveHealth(w, r)
	case r.URL.Path == faultsPath:
		s.serveFaults(w, r)
	case !s.trustedHost(r.Host):
		http.Error(w, "this host name is not one of the local server's: use localhost, or add it to the server's hosts", http.StatusForbidden)
	default:
		http.Error(w, "watchtower local: nothing here; the CloudWatch Logs API is POST /", http.StatusNotFound)
	}
}

// serveHealth answers probes; under any host name, since they use addresses.
func (s *Server) serveHealth(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	answer, err := json.Marshal(map[string]string{"status": "ok", "service": "watchtower local", "account": s.cfg.AccountID, "region": s.cfg.Region})
	if err == nil {
		_, _ = w.Write(answer) // a probe that has gone needs no answer
	}
}

// now is the time in the service's unit, milliseconds since 1970.
func now() int64 { return time.Now().UnixMilli() }
