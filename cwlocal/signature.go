package cwlocal

import (
	"net/http"
	"strings"
)

// A scope is what a signature says of itself: Credential=KEY/DATE/REGION/SERVICE/aws4_request
// in the Authorization header, or X-Amz-Credential in a presigned URL. The
// signature is not checked; any credentials will do.
type scope struct {
	accessKey, region string
}

// signer returns the scope of a request; its fields are empty where the request
// does not say, or says nonsense.
func signer(r *http.Request) scope {
	credential := r.URL.Query().Get("X-Amz-Credential")
	if _, rest, ok := strings.Cut(r.Header.Get("Authorization"), "Credential="); ok {
		credential, _, _ = strings.Cut(rest, ",")
	}
	parts := strings.Split(strings.TrimSpace(credential), "/")
	var s scope
	if len(parts) > 1 && len(parts[0]) <= 128 {
		s.accessKey = parts[0]
	}
	// Signatures for several regions (SigV4A) have no region here.
	if len(parts) == 5 && regionPattern.MatchString(parts[2]) {
		s.region = parts[2]
	}
	return s
}
