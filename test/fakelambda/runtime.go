//go:build linux

package fakelambda

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	arn   = "arn:aws:lambda:us-east-1:123456789012:function:orders"
	trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
)

func (e *Environment) handler() http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, f http.HandlerFunc) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if status := e.fault(r.URL.Path); status != 0 {
				refuse(w, status, "InternalError", "a fault of the test")
				return
			}
			f(w, r)
		})
	}
	handle("GET /2018-06-01/runtime/invocation/next", e.runtimeNext)
	handle("POST /2018-06-01/runtime/invocation/{id}/response", e.runtimeAnswer)
	handle("POST /2018-06-01/runtime/invocation/{id}/error", e.runtimeAnswer)
	handle("POST /2018-06-01/runtime/init/error", e.report)
	handle("POST /2020-01-01/extension/register", e.register)
	handle("GET /2020-01-01/extension/event/next", e.extensionNext)
	handle("POST /2020-01-01/extension/init/error", e.extensionFails)
	handle("POST /2020-01-01/extension/exit/error", e.extensionFails)
	return mux
}

// fault takes the next fault of a path.
func (e *Environment) fault(path string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	name := strings.SplitN(path, "/", 3)[2]
	left := e.faults[name]
	if len(left) == 0 {
		return 0
	}
	e.faults[name] = left[1:]
	return left[0]
}

// invokeEvents are what the runtime and the extensions get.
func invokeEvents(id, payload string, deadline time.Time) (toRuntime, toExtensions event) {
	ms := strconv.FormatInt(deadline.UnixMilli(), 10)
	toRuntime = event{body: []byte(payload), header: http.Header{
		"Content-Type":                        {"application/json"},
		"Lambda-Runtime-Aws-Request-Id":       {id},
		"Lambda-Runtime-Deadline-Ms":          {ms},
		"Lambda-Runtime-Invoked-Function-Arn": {arn},
		"Lambda-Runtime-Trace-Id":             {trace},
	}}
	toExtensions = event{header: http.Header{"Content-Type": {"application/json"}}, body: fmt.Appendf(nil,
		`{"eventType":"INVOKE","deadlineMs":%s,"requestId":%q,"invokedFunctionArn":%q,"tracing":{"type":"X-Amzn-Trace-Id","value":%q}}`,
		ms, id, arn, trace)}
	return toRuntime, toExtensions
}

func (e *Environment) runtimeNext(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	e.await(r.Context(), w, &e.runtime)
}

// runtimeAnswer takes a response or an error.
func (e *Environment) runtimeAnswer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	now := time.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case err != nil:
		refuse(w, http.StatusBadRequest, "InvalidRequest", err.Error())
	case e.answer == nil || r.PathValue("id") != e.answer.RequestID:
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
	default:
		e.answer.Response, e.answer.Latency = string(body), now.Sub(e.invoked)
		e.answer.Type = r.Header.Get("Content-Type")
		e.answer.Failed = strings.HasSuffix(r.URL.Path, "/error")
		accept(w)
	}
}

func (e *Environment) report(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		refuse(w, http.StatusBadRequest, "InvalidRequest", err.Error())
		return
	}
	kind := r.Header.Get("Lambda-Extension-Function-Error-Type") + r.Header.Get("Lambda-Runtime-Function-Error-Type")
	e.mu.Lock()
	e.reports = append(e.reports, Report{strings.SplitN(r.URL.Path, "/", 3)[2], kind, string(body)})
	e.mu.Unlock()
	accept(w)
}

func accept(w http.ResponseWriter) {
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, `{"status":"OK"}`+"\n")
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"errorMessage": message, "errorType": kind})
}
