package encode

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// messages returns the messages of a buffer, each within limit, of the same
// time and tied together if there are several.
func messages(t *testing.T, b *Buffer, limit int) []string {
	t.Helper()
	var all []string
	for i := range b.Events() {
		ev := &b.Events()[i]
		if ev.Size > limit {
			t.Errorf("event %d has %d bytes, the limit is %d", i, ev.Size, limit)
		}
		if ev.Time != b.Events()[0].Time || ev.Parts != b.Events()[0].Parts {
			t.Errorf("event %d has another time or other parts than the first", i)
		}
		all = append(all, decode(t, ev))
	}
	if parts := b.Events()[0].Parts; len(all) > 1 && (parts == nil || parts.Left != len(all)) || len(all) == 1 && parts != nil {
		t.Errorf("%d events with parts %+v", len(all), parts)
	}
	return all
}

// shrunk returns what _truncated says and the object without it.
func shrunk(t *testing.T, msg string) (cut map[string]int, rest map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(msg), &rest); err != nil {
		t.Fatalf("%v: %s", err, msg)
	}
	var with struct {
		Truncated map[string]int `json:"_truncated"`
	}
	if err := json.Unmarshal([]byte(msg), &with); err != nil {
		t.Fatal(err)
	}
	delete(rest, "_truncated")
	return with.Truncated, rest
}

func shrinkRecord(t *testing.T, limit int, attrs ...slog.Attr) (cut map[string]int, rest map[string]any) {
	t.Helper()
	b := Get()
	defer b.Free()
	r := slog.NewRecord(time.Now(), 0, "m", 0)
	r.AddAttrs(attrs...)
	if err := New(Options{MaxSize: limit}).Record(b, r); err != nil {
		t.Fatal(err)
	}
	all := messages(t, b, limit)
	if len(all) != 1 {
		t.Fatalf("%d events", len(all))
	}
	return shrunk(t, all[0])
}

func TestShrinkCutsTheLongestStrings(t *testing.T) {
	cut, rest := shrinkRecord(t, 1000,
		slog.String("long", strings.Repeat("a", 5000)),
		slog.String("kept", strings.Repeat("b", 200)),
		slog.Group("user", slog.String("bio", strings.Repeat("é", 900))),
		slog.Any("list", []string{"x", strings.Repeat("😀", 300)}))
	want := map[string]int{"long": 5000, "user.bio": 1800, "list.1": 1200}
	if !maps.Equal(cut, want) {
		t.Errorf("_truncated is %v, want %v", cut, want)
	}
	if len(rest["kept"].(string)) != 200 {
		t.Error("a string shorter than the others was cut")
	}
	for _, s := range []string{rest["long"].(string), rest["user"].(map[string]any)["bio"].(string), rest["list"].([]any)[1].(string)} {
		if n := len(s); n < 180 || strings.ContainsRune(s, utf8.RuneError) {
			t.Errorf("%d bytes left: %q", n, s)
		}
	}
}

func TestShrinkUsesTheRoomThereIs(t *testing.T) {
	for limit := 1000; limit < 1020; limit++ {
		b := Get()
		r := slog.NewRecord(time.Now(), 0, strings.Repeat("x", 2000), 0)
		if err := New(Options{MaxSize: limit}).Record(b, r); err != nil {
			t.Fatal(err)
		}
		if n := len(messages(t, b, limit)[0]); n < limit-countBytes-8 {
			t.Errorf("%d bytes of %d used", n, limit)
		}
		b.Free()
	}
}

func TestMessageThatJustFitsIsLeftAlone(t *testing.T) {
	for extra, want := range map[int]bool{0: false, 1: true} {
		b := Get()
		e := New(Options{})
		msg := strings.Repeat("\"é", cwl.MaxEventBytes/3) + strings.Repeat("x", cwl.MaxEventBytes%3+extra)
		if err := e.LineString(b, time.Now(), 0, msg); err != nil {
			t.Fatal(err)
		}
		if got := messages(t, b, cwl.MaxEventBytes)[0] != msg; got != want {
			t.Errorf("%d bytes over: shortened is %t", extra, got)
		}
		b.Free()
	}
}

func TestShrinkDoesNotCutEscapes(t *testing.T) {
	for limit := 300; limit < 330; limit++ {
		cut, rest := shrinkRecord(t, limit, slog.String("s", strings.Repeat("\\\"\n\x01é😀", 100)))
		if cut["s"] != 1000 || !strings.HasPrefix(strings.Repeat("\\\"\n\x01é😀", 100), rest["s"].(string)) {
			t.Errorf("%v, %v", cut, rest)
		}
	}
}

func TestShrinkLeavesOutFieldsWhereStringsAreNotEnough(t *testing.T) {
	var many []slog.Attr
	for i := range 2000 {
		many = append(many, slog.Int("key"+strconv.Itoa(i), i))
	}
	many = append(many, slog.Any("numbers", make([]int, 5000)), slog.String("text", strings.Repeat("x", 9000)))
	for _, limit := range []int{MinMaxSize, 300, 1000, 5000, 20_000} {
		cut, rest := shrinkRecord(t, limit, many...)
		for _, key := range []string{"time", "level", "msg"} {
			if rest[key] == nil {
				t.Errorf("limit %d: %s is missing", limit, key)
			}
		}
		if limit > MinMaxSize && cut["numbers"] != 10001 {
			t.Errorf("limit %d: _truncated is %v", limit, cut)
		}
		if named := len(cut) - 1; limit < 20_000 && cut["..."]+named+len(rest) < len(many)+3 {
			t.Errorf("limit %d: %d fields, %d named and %d counted, of %d", limit, len(rest), named, cut["..."], len(many)+3)
		}
	}
}

func TestShrinkKeepsForeignJSONValid(t *testing.T) {
	b := Get()
	defer b.Free()
	msg := "{ \"level\" : \"info\",\t\"a\\\"b\" : [ { \"c\":\"" + strings.Repeat(`\ud83d\ude00`, 100) + "\" } , 1.5e3 ] , \"d\": { } , \"e\":[ ]\n}"
	if err := New(Options{MaxSize: 400}).LineString(b, time.Now(), 0, msg); err != nil {
		t.Fatal(err)
	}
	cut, rest := shrunk(t, messages(t, b, 400)[0])
	if want := map[string]int{`a"b.0.c`: 400}; !maps.Equal(cut, want) {
		t.Errorf("_truncated is %v, want %v", cut, want)
	}
	if len(rest) != 4 || rest["level"] != "info" {
		t.Error(rest)
	}
}

func TestShrinkCutsTextOnARuneBoundary(t *testing.T) {
	for limit := 300; limit < 304; limit++ {
		b := Get()
		msg := strings.Repeat("é😀", 200)
		if err := New(Options{MaxSize: limit}).LineString(b, time.Now(), 0, msg); err != nil {
			t.Fatal(err)
		}
		got := messages(t, b, limit)[0]
		text, found := strings.CutSuffix(got, "… [truncated from 1200 bytes]")
		if !found || !strings.HasPrefix(msg, text) || len(got) < limit-3 {
			t.Errorf("limit %d: %s", limit, got)
		}
		b.Free()
	}
}

func TestDropTellsTheSize(t *testing.T) {
	b := Get()
	defer b.Free()
	err := New(Options{MaxSize: 1000, Oversize: Drop}).LineString(b, time.Now(), 0, strings.Repeat("\"", 1001))
	var size *SizeError
	if !errors.As(err, &size) || *size != (SizeError{1001, 1000}) || len(b.Events()) != 0 {
		t.Errorf("%v and %d events", err, len(b.Events()))
	}
}

var textPart = regexp.MustCompile(`(?s)^\[_id=([0-9a-f]{16}) _part=(\d+)/(\d+)\] (.*)$`)

// join puts the parts of one message together, in any order, as a reader of
// the log would.
func join(t *testing.T, parts []string) string {
	t.Helper()
	pieces := make([]string, len(parts))
	id := ""
	for _, p := range parts {
		var part struct {
			ID   string `json:"_id"`
			Part string `json:"_part"`
			Text string `json:"_text"`
		}
		if m := textPart.FindStringSubmatch(p); m != nil {
			part.ID, part.Part, part.Text = m[1], m[2]+"/"+m[3], m[4]
		} else if err := json.Unmarshal([]byte(p), &part); err != nil {
			t.Fatalf("%v: %s", err, p)
		}
		var i, n int
		if _, err := fmt.Sscanf(part.Part, "%d/%d", &i, &n); err != nil || n != len(parts) || i < 1 || i > n {
			t.Fatalf("part %q of %d", part.Part, len(parts))
		}
		if id == "" {
			id = part.ID
		}
		if part.ID != id || len(id) != 16 || pieces[i-1] != "" {
			t.Fatalf("id %q, first %q, part %s", part.ID, id, part.Part)
		}
		pieces[i-1] = part.Text
	}
	return strings.Join(pieces, "")
}

func TestSplitPartsJoinToTheMessage(t *testing.T) {
	long := strings.Repeat("é\"\\\n😀日", 2000)
	formatter := func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) }
	for name, o := range map[string]Options{"json": {}, "text": {Format: Text}, "formatter": {NewFormatter: formatter}} {
		for _, limit := range []int{MinMaxSize, 257, 258, 259, 1000, 3500} {
			r := slog.NewRecord(time.Now(), slog.LevelError, "m", 0)
			r.AddAttrs(slog.String("s", long))
			want := line(t, New(o), r)
			o.MaxSize, o.Oversize = limit, Split
			b := Get()
			if err := New(o).Record(b, r); err != nil {
				t.Fatal(err)
			}
			parts := messages(t, b, limit)
			if !strings.HasPrefix(parts[0], `{"level":"ERROR",`) && name == "json" {
				t.Errorf("no level in %s", parts[0])
			}
			slices.Reverse(parts)
			if got := join(t, parts); got != want {
				t.Errorf("%s, limit %d: %d parts make another message", name, limit, len(parts))
			}
			b.Free()
			o.MaxSize = 0
		}
	}
}
