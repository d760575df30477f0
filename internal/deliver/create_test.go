package deliver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestOneCreationForManyPuts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		// The bad news travels slowly: most learn that the stream is missing
		// when it is long there.
		var n time.Duration
		srv.before = func(w http.ResponseWriter, _ *http.Request, op string, _ []byte) bool {
			srv.mu.Lock()
			missing := op == "PutLogEvents" && !srv.streams["g/s"]
			n++
			pause := n * time.Millisecond
			srv.mu.Unlock()
			if missing {
				time.Sleep(pause)
				refuse(w, 400, "ResourceNotFoundException")
			}
			return missing
		}
		s := New(inPlace(srv), Settings{Group: "g"})
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if _, err := s.Put(t.Context(), request("s")); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if srv.count("PutLogEvents") != 200 {
			t.Errorf("%d puts, every one should have found the stream missing", srv.count("PutLogEvents"))
		}
		if g, st := srv.count("CreateLogGroup"), srv.count("CreateLogStream"); g != 1 || st != 2 {
			// Two: the one that finds the group missing, the one that succeeds.
			t.Errorf("CreateLogGroup %d times, CreateLogStream %d times", g, st)
		}
		if got := len(srv.bodies); got != 100 {
			t.Errorf("%d bodies stored, want 100", got)
		}
		if len(s.streams) != 0 {
			t.Errorf("%d streams remembered, none has a put under way", len(s.streams))
		}
	})
}

func TestOneGroupForManyStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		srv.before = func(http.ResponseWriter, *http.Request, string, []byte) bool {
			time.Sleep(time.Millisecond)
			return false
		}
		s := New(inPlace(srv), Settings{Group: "g"})
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				if _, err := s.Put(t.Context(), request(fmt.Sprint("s", i))); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := srv.count("CreateLogGroup"); got != 1 {
			t.Errorf("CreateLogGroup %d times", got)
		}
		if got := len(srv.streams); got != 50 {
			t.Errorf("%d streams, want 50", got)
		}
	})
}

func TestExistingGroupCostsOneCreateLogStream(t *testing.T) {
	srv := newServer().with("g/other")
	s := New(inPlace(srv), Settings{Group: "g"})
	if _, err := s.Put(t.Context(), request("s")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), request("s")); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"PutLogEvents": 3, "CreateLogStream": 1}
	if diff := cmp.Diff(want, srv.calls); diff != "" {
		t.Error(diff)
	}
}

func TestGroupIsCreatedWithItsSettings(t *testing.T) {
	srv := newServer()
	s := New(inPlace(srv), Settings{
		Group: "g", RetentionDays: 30, Tags: map[string]string{"team": "a"}, KMSKeyID: "arn:key",
		LogGroupClass: "INFREQUENT_ACCESS", DeletionProtection: true,
		EnforceRetention: true,
	})
	if _, err := s.Put(t.Context(), request("s")); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"logGroupName": "g", "tags": map[string]any{"team": "a"}, "kmsKeyId": "arn:key",
		"logGroupClass": "INFREQUENT_ACCESS", "deletionProtectionEnabled": true,
	}
	if diff := cmp.Diff(want, srv.groups["g"]); diff != "" {
		t.Error(diff)
	}
	if got := srv.retention["g"]; got != 30 {
		t.Errorf("retention %v days, want 30", got)
	}
	// Set with the creation, it need not be enforced afterwards.
	if got := srv.count("PutRetentionPolicy"); got != 1 {
		t.Errorf("PutRetentionPolicy %d times", got)
	}
}

func TestDeletedGroupIsCreatedAgain(t *testing.T) {
	srv := newServer()
	s := New(inPlace(srv), Settings{Group: "g"})
	for round := range 3 {
		if _, err := s.Put(t.Context(), request("s")); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		srv.remove("g")
	}
	if got := srv.count("CreateLogGroup"); got != 3 {
		t.Errorf("CreateLogGroup %d times, want 3", got)
	}
}

func TestCancelledPutLeavesTheCreationToOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer().with("g/other")
		srv.before = func(_ http.ResponseWriter, _ *http.Request, op string, _ []byte) bool {
			if op == "CreateLogStream" {
				time.Sleep(time.Second)
			}
			return false
		}
		s := New(inPlace(srv), Settings{Group: "g"})
		first, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { // starts the creation
			if _, err := s.Put(first, request("s")); Classify(err).Kind != Cancelled {
				t.Errorf("cancelled: %v", err)
			}
		})
		synctest.Wait()
		wg.Go(func() { // joins it
			if _, err := s.Put(t.Context(), request("s")); err != nil {
				t.Errorf("the other: %v", err)
			}
		})
		synctest.Wait()
		cancel()
		wg.Wait()
		if got := srv.count("CreateLogStream"); got != 1 {
			t.Errorf("CreateLogStream %d times", got)
		}
	})
}

func TestLastCancelledPutEndsTheCreation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer().with("g/other")
		ended := false
		srv.before = func(_ http.ResponseWriter, r *http.Request, op string, _ []byte) bool {
			if op == "CreateLogStream" {
				<-r.Context().Done()
				ended = true
			}
			return false
		}
		s := New(inPlace(srv), Settings{Group: "g"})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := s.Put(ctx, request("s"))
		if f := Classify(err); f.Kind != Timeout || f.Lost {
			t.Errorf("%+v of %v", f, err)
		}
		if !ended {
			t.Error("the creation goes on although nobody waits for it")
		}
	})
}

func TestNewStreamMayHideForAMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		hidden := map[string]int{"PutLogEvents": 4, "CreateLogStream": 3}
		srv.before = func(w http.ResponseWriter, _ *http.Request, op string, _ []byte) bool {
			srv.mu.Lock()
			defer srv.mu.Unlock()
			hidden[op]--
			if hidden[op] >= 0 {
				refuse(w, 400, "ResourceNotFoundException")
				return true
			}
			return false
		}
		s := New(inPlace(srv), Settings{Group: "g"})
		answer, err := s.Put(t.Context(), request("s"))
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int{"PutLogEvents": 5, "CreateLogStream": 4, "CreateLogGroup": 1}
		if diff := cmp.Diff(want, srv.calls); diff != "" {
			t.Error(diff)
		}
		if answer.Sends != 5 {
			t.Errorf("%d sends told, want 5", answer.Sends)
		}
	})
}

func TestAbortedCreationIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		aborts := 2
		srv.before = func(w http.ResponseWriter, _ *http.Request, op string, _ []byte) bool {
			if op == "CreateLogGroup" && aborts > 0 {
				aborts--
				refuse(w, 400, "OperationAbortedException")
				return true
			}
			return false
		}
		start := time.Now()
		if _, err := New(inPlace(srv), Settings{Group: "g"}).Put(t.Context(), request("s")); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took < 100*time.Millisecond || took > time.Second {
			t.Errorf("back-off took %v", took)
		}
	})
}

func TestForbiddenCreationIsAMissingError(t *testing.T) {
	for _, test := range []struct {
		name     string
		settings Settings
		want     MissingError
	}{
		{"stream", Settings{Group: "g", NoCreateLogStream: true}, MissingError{Group: "g", Stream: "s"}},
		{"group", Settings{Group: "g", NoCreateLogGroup: true}, MissingError{Group: "g"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := New(inPlace(newServer()), test.settings).Put(t.Context(), request("s"))
			missing, ok := errors.AsType[*MissingError](err)
			if !ok || *missing != test.want {
				t.Fatalf("error %v", err)
			}
			if f := Classify(err); f.Kind != Missing || f.Lost {
				t.Errorf("classified as %+v", f)
			}
		})
	}
}

func TestRefusedCreationIsNotOfTheEvents(t *testing.T) {
	for _, test := range []struct {
		code string
		want Kind
	}{
		{"InvalidParameterException", Missing}, // a key or tag the service does not like
		{"AccessDeniedException", Denied},
		{"LimitExceededException", Throttled},
	} {
		t.Run(test.code, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				srv := newServer()
				srv.before = func(w http.ResponseWriter, _ *http.Request, op string, _ []byte) bool {
					if op == "CreateLogGroup" {
						refuse(w, 400, test.code)
					}
					return op == "CreateLogGroup"
				}
				_, err := New(inPlace(srv), Settings{Group: "g"}).Put(t.Context(), request("s"))
				if f := Classify(err); f.Kind != test.want || f.Lost || f.Code != test.code {
					t.Errorf("%+v of %v", f, err)
				}
			})
		})
	}
}

func TestRetentionIsEnforcedOnce(t *testing.T) {
	srv := newServer().with("g/s")
	s := New(inPlace(srv), Settings{Group: "g", RetentionDays: 7, EnforceRetention: true})
	for range 3 {
		if _, err := s.Put(t.Context(), request("s")); err != nil {
			t.Fatal(err)
		}
	}
	if n, days := srv.count("PutRetentionPolicy"), srv.retention["g"]; n != 1 || days != 7 {
		t.Errorf("PutRetentionPolicy %d times, %v days", n, days)
	}
}

func TestRefusedRetentionFailsNoPut(t *testing.T) {
	for name, srv := range map[string]*server{"existing": newServer().with("g/s"), "created": newServer()} {
		t.Run(name, func(t *testing.T) {
			srv.before = func(w http.ResponseWriter, _ *http.Request, op string, _ []byte) bool {
				if op == "PutRetentionPolicy" {
					refuse(w, 400, "AccessDeniedException")
				}
				return op == "PutRetentionPolicy"
			}
			var told []error
			s := New(inPlace(srv), Settings{
				Group: "g", RetentionDays: 7, EnforceRetention: name == "existing",
				Notify: func(err error) { told = append(told, err) },
			})
			for range 2 {
				if _, err := s.Put(t.Context(), request("s")); err != nil {
					t.Fatal(err)
				}
			}
			if len(told) != 1 || Classify(told[0]).Kind != Denied {
				t.Errorf("told of %v", told)
			}
		})
	}
}
