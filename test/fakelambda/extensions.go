//go:build linux

package fakelambda

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

// maxExtensions is Lambda's.
const maxExtensions = 10

// An extension is an internal one: a part of the function's process.
type extension struct {
	participant
	name   string
	invoke bool // it has registered for invocations
}

const headerID = "Lambda-Extension-Identifier"

func (e *Environment) register(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Events []string `json:"events"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		refuse(w, http.StatusBadRequest, "InvalidRequestFormat", err.Error())
		return
	}
	x := &extension{name: r.Header.Get("Lambda-Extension-Name"), participant: participant{events: make(chan event, 1)}}
	e.mu.Lock()
	defer e.mu.Unlock()
	if x.name == "" {
		refuse(w, http.StatusForbidden, "Extension.InvalidExtensionName", "Lambda-Extension-Name header must not be empty")
		return
	}
	if e.closed || len(e.extensions) == maxExtensions {
		refuse(w, http.StatusForbidden, "Extension.RegistrationClosed", "Registration is closed")
		return
	}
	for _, name := range body.Events {
		if name != "INVOKE" {
			refuse(w, http.StatusForbidden, "Extension.InvalidEventType", name+": ShutdownEventNotSupportedForInternalExtension")
			return
		}
	}
	x.invoke = slices.Contains(body.Events, "INVOKE")
	id := fmt.Sprintf("6c3a8ed2-0b4e-4ab8-8c4f-%012d", len(e.extensions)+1)
	e.extensions[id] = x
	w.Header().Set(headerID, id)
	_ = json.NewEncoder(w).Encode(map[string]string{"functionName": "orders", "functionVersion": "$LATEST", "handler": "bootstrap"})
}

// known returns the extension that calls, or refuses.
func (e *Environment) known(w http.ResponseWriter, r *http.Request) *extension {
	e.mu.Lock()
	defer e.mu.Unlock()
	x := e.extensions[r.Header.Get(headerID)]
	if x == nil {
		refuse(w, http.StatusForbidden, "Extension.UnknownExtensionIdentifier", "Unknown extension")
	}
	return x
}

func (e *Environment) extensionNext(w http.ResponseWriter, r *http.Request) {
	if x := e.known(w, r); x != nil {
		e.await(r.Context(), w, &x.participant)
	}
}

// extensionFails lets the environment end with the invocation, as Lambda does when
// an extension crashes.
func (e *Environment) extensionFails(w http.ResponseWriter, r *http.Request) {
	if e.known(w, r) == nil {
		return
	}
	e.report(w, r)
	e.changing(func() { e.crashed = true })
}
