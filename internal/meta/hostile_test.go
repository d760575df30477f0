package meta

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// What a service answers, or an address has, is told to nobody as it is.
func TestErrorsShowNoSecretsAndNoHostileAnswers(t *testing.T) {
	for name, token := range map[string]string{"two lines": "a\r\nX-Evil: 1", "binary": "\x00\xff", "empty": ""} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut {
				io.WriteString(w, token)
				return
			}
			if r.Header.Get("X-Evil") != "" {
				t.Errorf("%s: the token has made a header", name)
			}
			w.WriteHeader(http.StatusUnauthorized)
		}))
		address := strings.Replace(s.URL, "://", "://user:hunter2@", 1)
		f := somewhere(map[string]string{instanceEndpoint: address}, nil).Ask(InstanceID)
		wait(t, f)
		if err := f.Err(); err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "Evil") || f.Value(InstanceID) != "" {
			t.Errorf("%s: %v", name, err)
		}
		s.Close()
	}
}
