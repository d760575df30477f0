package cwlocal

import (
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
)

// Faults over HTTP, for tests in other languages (docs/faults.md):
//
//	GET    /_watchtower/faults   the faults that are left, a JSON list
//	POST   /_watchtower/faults   adds one fault, or a list of them: all or none
//	DELETE /_watchtower/faults   clears all
//
// Behaviour:
//   - 404 unless Config.AllowFaults
//   - 403 unless the peer and the Host are on the loopback interface (or the
//     Host is configured), no foreign Origin is named, and the request has the
//     header X-Watchtower-Faults: 1, which no web page can send to another
//     origin without asking first; nobody says yes
//   - 400 with a line for each field that is wrong

const (
	faultsPath   = "/_watchtower/faults"
	faultsHeader = "X-Watchtower-Faults"

	maxFaultsBody = 1 << 20 // bytes
	maxFaultRules = 1000    // at a time, of those that come over HTTP
)

// mayControl reports who may not set faults or the clock: an HTTP status and
// the reason, or zero.
func (s *Server) mayControl(r *http.Request) (status int, why string) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	switch {
	case !s.cfg.AllowFaults:
		return http.StatusNotFound, "the server takes no faults over HTTP: start it with watchtower local --allow-faults, or with Config.AllowFaults"
	case err != nil || !peer.Addr().IsLoopback():
		return http.StatusForbidden, "only programs on the server's own machine may set faults, over the loopback interface; this request came from " + r.RemoteAddr
	case !s.trustedHost(r.Host):
		return http.StatusForbidden, "this host name is not one of the local server's: use localhost, or add it to the server's hosts"
	case !s.trustedOrigin(r):
		return http.StatusForbidden, "requests from web pages of another origin are not served"
	case r.Header.Get(faultsHeader) != "1":
		return http.StatusForbidden, "the header " + faultsHeader + ": 1 is missing, which keeps web pages out"
	}
	return 0, ""
}

// serveFaults answers a request for faultsPath.
func (s *Server) serveFaults(w http.ResponseWriter, r *http.Request) {
	if status, why := s.mayControl(r); status != 0 {
		http.Error(w, why, status)
		return
	}
	switch r.Method {
	case http.MethodGet:
		s.listFaults(w, http.StatusOK)
	case http.MethodPost:
		s.addFaults(w, r)
	case http.MethodDelete:
		s.faults.Clear()
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Allow", "GET, POST, DELETE")
		http.Error(w, "method not allowed: GET lists the faults, POST adds, DELETE clears", http.StatusMethodNotAllowed)
	}
}

// listFaults answers with the faults that are left.
func (s *Server) listFaults(w http.ResponseWriter, status int) {
	data, err := json.Marshal(s.faults.List())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(data, '\n')) // a client that has gone needs no answer
}

func (s *Server) addFaults(w http.ResponseWriter, r *http.Request) {
	if contentType(r) != "application/json" {
		http.Error(w, "Content-Type must be application/json", http.StatusUnsupportedMediaType)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxFaultsBody))
	if err != nil {
		http.Error(w, "the body cannot be read: "+err.Error(), http.StatusBadRequest)
		return
	}
	faults, err := decodeFaults(body)
	if err == nil && len(faults)+len(s.faults.List()) > maxFaultRules {
		http.Error(w, "there would be more than 1000 faults: DELETE clears them", http.StatusConflict)
		return
	}
	if err == nil {
		err = s.faults.Add(faults...)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.listFaults(w, http.StatusCreated)
}
