package meta

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// maxAnswer bounds what is read of an answer, in bytes. A task's has about a
// kilobyte for each of its containers, of which there are ten at most.
const maxAnswer = 1 << 20

// newTransport returns what requests go through. They never leave the machine,
// so no proxy is used; a connection is not kept, since there are few requests.
func newTransport() *http.Transport {
	return &http.Transport{DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10}
}

// fetch makes a request and returns the body of its answer.
func (p *Place) fetch(ctx context.Context, method, address string, header http.Header) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header = header
	shown := req.URL.Redacted() // in errors
	client := http.Client{
		Transport:     p.HTTP,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err // names the method and the address
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s %s: the answer is %s", method, shown, res.Status)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, shown, err)
	}
	if len(body) > maxAnswer {
		return nil, fmt.Errorf("%s %s: the answer has more than %d bytes", method, shown, maxAnswer)
	}
	return body, nil
}

// base checks the address of a service that comes from the environment.
func base(variable, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return errors.New(variable + " is not an http URL: leave it as the platform sets it")
	}
	return nil
}
