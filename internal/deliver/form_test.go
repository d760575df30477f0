package deliver

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"
)

// TestShortcutSendsWhatTheSDKDoes fails when a later SDK makes its requests in another
// way: then there is no shortcut, which nobody would notice but by the time it takes.
func TestShortcutSendsWhatTheSDKDoes(t *testing.T) {
	for _, compressed := range []bool{false, true} {
		var got []wire
		client, ts := overTCP(t, record(newServer().with("g/s"), "PutLogEvents", &got))
		r := request("s")
		if compressed {
			r.Gzip = gzipped(r.Body)
		}
		s := New(client, Settings{Group: "g"})
		for range 3 {
			if _, err := s.Put(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			if !s.isShort() {
				t.Fatal("no shortcut")
			}
		}
		seen := map[string]bool{}
		for i, w := range got {
			if want := sign(t, w, strings.TrimPrefix(ts.URL, "http://")); w.Header.Get(authorization) != want {
				t.Errorf("put %d is signed\n%s, want\n%s", i, w.Header.Get(authorization), want)
			}
			id := w.Header.Get(invocationID)
			if len(id) != 36 || seen[id] {
				t.Errorf("put %d has the number %q", i, id)
			}
			seen[id] = true
			for _, its := range []string{authorization, signedAt, invocationID} {
				w.Header.Del(its)
			}
			if diff := cmp.Diff(got[0], w); i > 0 && diff != "" {
				t.Errorf("the SDK's (-) and put %d (+):\n%s", i, diff)
			}
		}
	}
}

// A form made of a plain put does for compressed ones too, and the other way round.
func TestFormIsOfPlainAndCompressedPuts(t *testing.T) {
	plain, packed := request("s"), request("s")
	packed.Gzip = gzipped(packed.Body)
	for _, first := range []Request{plain, packed} {
		var got []wire
		client, ts := overTCP(t, record(newServer().with("g/s"), "PutLogEvents", &got))
		ours, theirs := New(client, Settings{Group: "g"}), New(client, Settings{Group: "g"})
		theirs.short = nil
		for i, r := range []Request{first, plain, packed, plain} {
			for _, s := range []*Sender{theirs, ours} {
				if _, err := s.Put(t.Context(), r); err != nil {
					t.Fatal(err)
				}
			}
			want, w := got[len(got)-2], got[len(got)-1]
			if want := sign(t, w, strings.TrimPrefix(ts.URL, "http://")); w.Header.Get(authorization) != want || !ours.isShort() {
				t.Errorf("put %d is signed\n%s, want\n%s; shortcut %v", i, w.Header.Get(authorization), want, ours.isShort())
			}
			for _, its := range []string{authorization, signedAt, invocationID} {
				want.Header.Del(its)
				w.Header.Del(its)
			}
			if diff := cmp.Diff(want, w); diff != "" {
				t.Errorf("the SDK's (-) and put %d (+):\n%s", i, diff)
			}
		}
	}
}

func TestShortcutEndpointHasAPath(t *testing.T) {
	var got []wire
	h := record(newServer().with("g/s"), "PutLogEvents", &got)
	client := inPlaceWith(h, func(o *cloudwatchlogs.Options) { o.BaseEndpoint = aws.String("http://logs.test/behind/a proxy/") })
	if _, err := ready(t, client).Put(t.Context(), request("s")); err != nil {
		t.Fatal(err)
	}
	if got[0].Path != got[1].Path || got[1].Path != "/behind/a proxy/" {
		t.Errorf("the SDK puts to %q, the shortcut to %q", got[0].Path, got[1].Path)
	}
}

// Credentials change while a program runs; those of a role come with a token.
func TestShortcutAsksForCredentialsEachTime(t *testing.T) {
	keys := aws.Credentials{AccessKeyID: "FIRST", SecretAccessKey: "S", SessionToken: "token"}
	var failure error
	var got []wire
	client := inPlaceWith(record(newServer().with("g/s"), "PutLogEvents", &got), func(o *cloudwatchlogs.Options) {
		o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return keys, failure })
	})
	s := ready(t, client)
	for _, next := range []aws.Credentials{
		{AccessKeyID: "SECOND", SecretAccessKey: "S", SessionToken: "another"},
		{AccessKeyID: "THIRD", SecretAccessKey: "S"},
	} {
		keys = next
		if _, err := s.Put(t.Context(), request("s")); err != nil || !s.isShort() {
			t.Fatalf("error %v, shortcut %v", err, s.isShort())
		}
		h := got[len(got)-1].Header
		if !strings.Contains(h.Get(authorization), "="+next.AccessKeyID+"/") || h.Get(sessionToken) != next.SessionToken {
			t.Errorf("%s: signed %s with the token %q", next.AccessKeyID, h.Get(authorization), h.Get(sessionToken))
		}
	}
	failure = errors.New("no role")
	if _, err := s.Put(t.Context(), request("s")); Classify(err).Kind != NoCredentials || !errors.Is(err, failure) {
		t.Errorf("error %v", err)
	}
}

// The SDK and the shortcut keep one clock skew, the client's, whoever learns of it.
func TestShortcutKeepsTheSkewOfTheClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ahead, off time.Duration // of the server; of the last signature from it
		var attempt string
		srv := newServer().with("g/s")
		srv.before = func(w http.ResponseWriter, r *http.Request, op string, _ []byte) bool {
			now := time.Now().UTC().Add(ahead)
			w.Header().Set("Date", now.Format(http.TimeFormat))
			signed, _ := time.Parse(amzTime, r.Header.Get(signedAt))
			off, attempt = signed.Sub(now), r.Header.Get(attemptOf)
			return false
		}
		client := inPlace(srv)
		s := ready(t, client)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		put := func() {
			if _, err := s.Put(ctx, request("s")); err != nil || !s.isShort() {
				t.Errorf("error %v, shortcut %v", err, s.isShort())
			}
		}
		describe := func() {
			_, _ = client.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{}, func(o *cloudwatchlogs.Options) { o.Retryer = aws.NopRetryer{} })
		}
		for i, step := range []struct {
			ahead, off time.Duration
			call       func()
		}{
			{time.Hour, -time.Hour, put}, {time.Hour, 0, put}, {time.Hour, 0, describe}, // the shortcut tells the SDK
			{-time.Hour, 2 * time.Hour, describe}, {-time.Hour, 0, put}, // and the SDK the shortcut
		} {
			ahead = step.ahead
			step.call()
			if off != step.off {
				t.Errorf("call %d is signed %v off, want %v", i, off, step.off)
			}
			if i == 1 && !strings.HasPrefix(attempt, "attempt=1; max=1; ttl=") {
				t.Errorf("the attempt is %q", attempt)
			}
		}
	})
}

// A header that is not known may belong to the one request, as a checksum does; so there
// is no form of it.
func TestNoFormOfWhatIsNotKnown(t *testing.T) {
	for name, change := range map[string]func(*smithyhttp.Request){
		"nothing":   func(*smithyhttp.Request) {},
		"header":    func(r *smithyhttp.Request) { r.Header.Set("X-Amz-Checksum", "1") },
		"host":      func(r *smithyhttp.Request) { r.Host = "elsewhere" },
		"method":    func(r *smithyhttp.Request) { r.Method = http.MethodPut },
		"query":     func(r *smithyhttp.Request) { r.URL.RawQuery = "a=b" },
		"length":    func(r *smithyhttp.Request) { r.ContentLength++ },
		"encoding":  func(r *smithyhttp.Request) { r.Header.Set(encoding, "br") },
		"signature": func(r *smithyhttp.Request) { r.Header[authorization][0] += "0" },
		"scope":     func(r *smithyhttp.Request) { r.Header.Set(authorization, "Bearer Credential=a/b") },
		"no date":   func(r *smithyhttp.Request) { r.Header.Del(signedAt) },
	} {
		s := New(inPlace(newServer().with("g/s")), Settings{Group: "g"})
		seen := new(tail)
		p := &put{s: s, r: new(request("s")), stream: s.enter("s")}
		load := newPayload(p.r.Body)
		if _, err := p.long(t.Context(), seen, load, false); err != nil {
			t.Fatal(err)
		}
		change(seen.signed)
		if f := s.short.newForm(t.Context(), seen); (f == nil) != (name != "nothing") {
			t.Errorf("%s: form %+v", name, f)
		}
	}
}

func TestLookingForAFormEnds(t *testing.T) {
	asked := 0
	client := inPlaceWith(newServer().with("g/s"), func(o *cloudwatchlogs.Options) {
		o.Credentials = aws.CredentialsProviderFunc(func(ctx context.Context) (aws.Credentials, error) {
			asked++ // others each time, so that no signature is made twice
			return aws.Credentials{AccessKeyID: strings.Repeat("K", asked), SecretAccessKey: "S"}, nil
		})
	})
	s := New(client, Settings{Group: "g"})
	const puts = maxMisses + 5
	for range puts {
		if _, err := s.Put(t.Context(), request("s")); err != nil || s.isShort() {
			t.Fatalf("error %v, shortcut %v", err, s.isShort())
		}
	}
	if asked != puts+maxMisses {
		t.Errorf("asked for credentials %d times in %d puts", asked, puts)
	}
}

// Credentials that change between the signature and the form are no reason to look for
// none any more: a program may run for a year.
func TestFormIsLookedForAfterMissesByChance(t *testing.T) {
	change, asked := false, 0
	failing := false
	srv := newServer().with("g/s")
	srv.before = func(w http.ResponseWriter, _ *http.Request, _ string, _ []byte) bool {
		if failing {
			refuse(w, 503, "ServiceUnavailableException")
		}
		return failing
	}
	s := ready(t, inPlaceWith(srv, func(o *cloudwatchlogs.Options) {
		o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			if change {
				asked++
			}
			return aws.Credentials{AccessKeyID: "K" + strings.Repeat("K", asked), SecretAccessKey: "S"}, nil
		})
	}))
	for i := range maxMisses + 1 {
		for _, step := range []struct{ failing, change, short bool }{{true, false, false}, {false, true, false}, {false, false, true}} {
			failing, change = step.failing, step.change
			if _, err := s.Put(t.Context(), request("s")); (err != nil) != failing || s.isShort() != step.short {
				t.Fatalf("round %d, %+v: error %v, shortcut %v", i, step, err, s.isShort())
			}
		}
	}
}
