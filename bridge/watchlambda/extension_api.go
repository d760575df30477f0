package watchlambda

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Events of the Extensions API.
const (
	eventInvoke   = "INVOKE"
	eventShutdown = "SHUTDOWN"
)

// The header by which Lambda knows an extension.
const headerExtensionID = "Lambda-Extension-Identifier"

// An extensionAPI is a client of Lambda's Extensions API, version 2020-01-01:
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
type extensionAPI struct {
	base   string // the address of all calls
	id     string // what register was answered
	client *http.Client
}

// An extensionEvent is the answer of next.
type extensionEvent struct {
	Type       string `json:"eventType"`
	DeadlineMs int64  `json:"deadlineMs"` // Unix time in milliseconds
	RequestID  string `json:"requestId"`
}

// deadline is zero if the event does not tell a time of this century.
func (e extensionEvent) deadline() time.Time {
	if end := time.UnixMilli(e.DeadlineMs); end.Year() > 2000 {
		return end
	}
	return time.Time{}
}

// newExtensionAPI takes host and port.
func newExtensionAPI(address string) (*extensionAPI, error) {
	if address == "" {
		return nil, errors.New("the environment variable AWS_LAMBDA_RUNTIME_API is not set, as it is in Lambda")
	}
	// No time-out: an answer of next comes after a freeze, however long. And no
	// proxy: the API is on this machine.
	return &extensionAPI{
		base:   "http://" + address + "/2020-01-01/extension/",
		client: &http.Client{Transport: &http.Transport{}},
	}, nil
}

// register makes the extension known to Lambda, which waits for its next from
// then on. Internal extensions may register for invocations only.
func (a *extensionAPI) register(ctx context.Context, name string) error {
	body, err := json.Marshal(map[string][]string{"events": {eventInvoke}})
	if err != nil {
		return err
	}
	header := http.Header{"Lambda-Extension-Name": {name}, "Content-Type": {"application/json"}}
	answer, _, err := a.call(ctx, http.MethodPost, "register", header, body)
	if err != nil {
		return err
	}
	if a.id = answer.Get(headerExtensionID); a.id == "" {
		return errors.New("extensions API, register: the answer has no " + headerExtensionID)
	}
	return nil
}

// next tells Lambda that the extension is ready to be frozen, and waits for an
// event.
func (a *extensionAPI) next(ctx context.Context) (event extensionEvent, err error) {
	_, body, err := a.call(ctx, http.MethodGet, "event/next", http.Header{headerExtensionID: {a.id}}, nil)
	if err != nil {
		return event, err
	}
	if err := json.Unmarshal(body, &event); err != nil {
		return event, fmt.Errorf("extensions API, event/next: %w", err)
	}
	return event, nil
}

// initError tells Lambda that the extension did not come to its first event,
// exitError that it ends. No other call can follow.
func (a *extensionAPI) initError(ctx context.Context, why error) error {
	return a.failed(ctx, "init/error", why)
}

func (a *extensionAPI) exitError(ctx context.Context, why error) error {
	return a.failed(ctx, "exit/error", why)
}

func (a *extensionAPI) failed(ctx context.Context, path string, why error) error {
	const kind = "Extension.NextFailed"
	body, err := json.Marshal(map[string]any{"errorMessage": why.Error(), "errorType": kind, "stackTrace": []string{}})
	if err != nil {
		return err
	}
	header := http.Header{headerExtensionID: {a.id}, "Lambda-Extension-Function-Error-Type": {kind}, "Content-Type": {"application/json"}}
	_, _, err = a.call(ctx, http.MethodPost, path, header, body)
	a.close()
	return err
}

func (a *extensionAPI) close() { a.client.CloseIdleConnections() }

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 1 << 20

// call returns the header and the body of an answer that tells of success.
func (a *extensionAPI) call(ctx context.Context, method, path string, header http.Header, body []byte) (http.Header, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, a.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	request.Header = header
	answer, err := a.client.Do(request)
	if err != nil {
		return nil, nil, fmt.Errorf("extensions API, %s: %w", path, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return nil, nil, fmt.Errorf("extensions API, %s: %w", path, err)
	}
	if answer.StatusCode/100 != 2 {
		return nil, nil, fmt.Errorf("extensions API, %s: %s: %s", path, answer.Status, text)
	}
	return answer.Header, text, nil
}
