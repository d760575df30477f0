package cwlocal

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/watchtower-go/watchtower/cwlocal/internal/store"
	"github.com/watchtower-go/watchtower/cwlocal/internal/wire"
)

// An apiError is an answer that says no: {"__type":code,"message":text} with
// the members of extra beside them.
type apiError struct {
	status        int
	code, message string
	extra         map[string]any
	retryAfter    time.Duration // sent as Retry-After, unless zero
}

func (e *apiError) Error() string { return e.code + ": " + e.message }

func refuse(status int, code, message string) *apiError {
	return &apiError{status: status, code: code, message: message}
}

func invalidParameter(message string) *apiError {
	return refuse(http.StatusBadRequest, "InvalidParameterException", message)
}

func validationException(message string) *apiError {
	return refuse(http.StatusBadRequest, "ValidationException", message)
}

// Answers recorded from the service. That only "does not exist" ends in a full
// stop is theirs.
var (
	errGroupMissing  = refuse(http.StatusBadRequest, "ResourceNotFoundException", "The specified log group does not exist.")
	errStreamMissing = refuse(http.StatusBadRequest, "ResourceNotFoundException", "The specified log stream does not exist.")
	errGroupExists   = refuse(http.StatusBadRequest, "ResourceAlreadyExistsException", "The specified log group already exists")
	errStreamExists  = refuse(http.StatusBadRequest, "ResourceAlreadyExistsException", "The specified log stream already exists")
	errToken         = invalidParameter("The specified nextToken is invalid.")
)

// asAPIError turns what an operation returned into an answer.
func asAPIError(err error) *apiError {
	if e, ok := errors.AsType[*apiError](err); ok {
		return e
	}
	if e, ok := errors.AsType[*wire.Error](err); ok {
		return refuse(http.StatusBadRequest, "SerializationException", e.Error())
	}
	switch {
	case errors.Is(err, store.ErrGroupMissing):
		return errGroupMissing
	case errors.Is(err, store.ErrStreamMissing):
		return errStreamMissing
	case errors.Is(err, store.ErrGroupExists):
		return errGroupExists
	case errors.Is(err, store.ErrStreamExists):
		return errStreamExists
	case errors.Is(err, store.ErrClosed):
		return refuse(http.StatusServiceUnavailable, "ServiceUnavailableException", "the local server is closed")
	}
	return refuse(http.StatusInternalServerError, "InternalFailure", "the local server failed: "+err.Error())
}

// write sends the error. Clients take the code from the header or the body.
func (e *apiError) write(w http.ResponseWriter) {
	body := map[string]any{"__type": e.code, "message": e.message}
	for k, v := range e.extra {
		body[k] = v
	}
	data, err := json.Marshal(body)
	if err != nil { // extra holds strings only
		data = []byte(`{"__type":"InternalFailure"}`)
	}
	w.Header().Set("Content-Type", jsonType)
	w.Header().Set("X-Amzn-ErrorType", e.code)
	e.setRetryAfter(w)
	w.WriteHeader(e.status)
	_, _ = w.Write(data) // a client that has gone needs no answer
}

// setRetryAfter tells the client when to try again, in whole seconds.
func (e *apiError) setRetryAfter(w http.ResponseWriter) {
	if e.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.FormatInt(int64((e.retryAfter+time.Second-1)/time.Second), 10))
	}
}
