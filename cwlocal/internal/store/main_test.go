package store

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// childDir makes the test binary the process that TestKilledProcess kills.
const childDir = "STORE_TEST_CHILD_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		child(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

var testGroup = GroupKey{"us-east-1", "group"}

// testStore opens a store with testGroup and the streams in it.
func testStore(t testing.TB, dir string, streams ...string) *Store {
	t.Helper()
	s, err := Open(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.CreateGroup(Group{GroupKey: testGroup}); err != nil {
		t.Fatal(err)
	}
	for _, name := range streams {
		if err := s.CreateStream(testGroup, name, 1); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// testAppend stores messages, all with one timestamp.
func testAppend(t testing.TB, s *Store, stream string, at int64, messages ...string) {
	t.Helper()
	events := make([]Event, len(messages))
	for i, m := range messages {
		events[i] = Event{Time: at, Message: []byte(m)}
	}
	if err := s.Append(testGroup, stream, at, events); err != nil {
		t.Fatal(err)
	}
}

// testRead returns the messages of a stream, with their times.
func testRead(t testing.TB, s *Store, stream string, r Range) (messages []string) {
	t.Helper()
	events, _, err := s.Read(testGroup, stream, r)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		messages = append(messages, fmt.Sprintf("%d %s", e.Time, e.Message))
	}
	return messages
}
