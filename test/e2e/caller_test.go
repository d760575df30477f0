//go:build e2e && unix

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// An object is a JSON object: the input of an operation, or a page of output,
// by the API's own member names.
type object = map[string]any

// A caller is one of the clients. It makes calls as its users would make them.
type caller interface {
	// call makes one API call and returns what was read. With pages the
	// client's own paginator makes as many calls as it needs, and each page is
	// one object; without, there is exactly one.
	//
	// An error that the service answered is an *answeredError. Any other
	// error means that the client itself is not content.
	call(op string, in object, pages bool) ([]object, error)
}

// clients are the four ways to talk to a server, by the name of their user.
var clients = map[string]func(t *testing.T, url string) caller{
	"AWSCLI":        newAWSCLI,
	"Boto3":         newBoto3,
	"JavaScriptSDK": newJavaScriptSDK,
	"GoSDK":         newGoSDK,
}

// An answeredError is the service's refusal as the client understood it.
type answeredError struct {
	Code    string
	Message string
}

func (e *answeredError) Error() string { return e.Code + ": " + e.Message }

// canonical writes any JSON value in one way: sorted keys, no blanks, numbers
// as they came, characters unescaped where JSON lets them be.
func canonical(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// decode reads what a client printed. Numbers keep their digits, and invalid
// UTF-8 is an error: encoding/json would replace it and hide the difference.
func decode(text []byte, v any) error {
	if !utf8.Valid(text) {
		return fmt.Errorf("not UTF-8: %.200q", text)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(v)
}

// same fails the test unless both values are the same JSON, to the byte.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	g, err := canonical(got)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	w, err := canonical(want)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if !bytes.Equal(g, w) {
		t.Errorf("%s (-want +got):\n%s", what, cmp.Diff(lines(w), lines(g)))
	}
}

// lines breaks one line of JSON where a person can compare it.
func lines(text []byte) string {
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", " "); err != nil {
		return string(text)
	}
	return b.String()
}

// pick keeps the given members of each element, those that are absent as null:
// clients of different age know different members.
func pick(elements any, members ...string) []object {
	picked := []object{}
	list, _ := elements.([]any)
	for _, e := range list {
		from, _ := e.(object)
		to := object{}
		for _, m := range members {
			to[m] = from[m]
		}
		picked = append(picked, to)
	}
	return picked
}

// merge appends the elements of one list member over all pages.
func merge(pages []object, member string) []any {
	all := []any{}
	for _, p := range pages {
		list, _ := p[member].([]any)
		all = append(all, list...)
	}
	return all
}
