package sink

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What Python's str.encode makes of the text, but for strict, for which it makes
// nothing.
func TestEncodingsAreThoseOfPython(t *testing.T) {
	const text = "é ÿ Ā € 🎉 \x7f\u0080 a"
	const bad = "\xff" // no character
	cases := []struct{ encoding, errors, want string }{
		{"latin-1", "backslashreplace", "\xe9 \xff \\u0100 \\u20ac \\U0001f389 \x7f\x80 a"},
		{"ISO-8859-1", "replace", "\xe9 \xff ? ? ? \x7f\x80 a"},
		{"latin_1", "ignore", "\xe9 \xff    \x7f\x80 a"},
		{"l1", "xmlcharrefreplace", "\xe9 \xff &#256; &#8364; &#127881; \x7f\x80 a"},
		{"latin1", "", "\xe9 \xff \\u0100 \\u20ac \\U0001f389 \x7f\x80 a"},
		{"latin1", "strict", "\xe9 \xff \\u0100 \\u20ac \\U0001f389 \x7f\x80 a"},
		{"ascii", "backslashreplace", "\\xe9 \\xff \\u0100 \\u20ac \\U0001f389 \x7f\\x80 a"},
		{"US-ASCII", "replace", "? ? ? ? ? \x7f? a"},
		{"us", "ignore", "     \x7f a"},
		{"646", "xmlcharrefreplace", "&#233; &#255; &#256; &#8364; &#127881; \x7f&#128; a"},
		{"utf-8", "strict", text},
		{"", "", text},
	}
	for _, c := range cases {
		e, err := newEncoding(c.encoding, c.errors)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(e.encode([]byte(text))); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.encoding, c.errors, got, c.want)
		}
		if got := string(e.encode([]byte(bad))); got != bad && got != `\xff` {
			t.Errorf("%s: %q", c.encoding, got)
		}
	}
}

func TestFilesAreWrittenInTheirEncoding(t *testing.T) {
	path := filepath.Join(t.TempDir(), "app.log")
	for _, open := range []func() (Sink, error){
		func() (Sink, error) { return File(FileOptions{Filename: path, Encoding: "latin-1", Errors: "replace"}) },
		func() (Sink, error) {
			return Rotating(RotatingOptions{Filename: path, Encoding: "latin-1", Errors: "replace", MaxBytes: 1000, BackupCount: 1})
		},
		func() (Sink, error) {
			return TimedRotating(TimedOptions{Filename: path, Encoding: "latin-1", Errors: "replace"})
		},
	} {
		s, err := open()
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Write(slog.LevelInfo, time.Time{}, []byte("café €")); err != nil {
			t.Error(err)
		}
		shut(t, s)
		if got, err := os.ReadFile(path); err != nil || string(got) != "caf\xe9 ?\n" {
			t.Errorf("%q, %v", got, err)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

// Mode x is for a file that does not exist yet, the first time it is opened.
func TestExclusiveFileIsNoOtherOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "app.log")
	s, err := File(FileOptions{Filename: path, Mode: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := File(FileOptions{Filename: path, Mode: "xt"}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("%v", err)
	}
	for range 2 {
		if err := s.Write(slog.LevelInfo, time.Time{}, []byte("m")); err != nil {
			t.Error(err)
		}
		if err := s.(*file).out.release(); err != nil {
			t.Error(err)
		}
	}
	shut(t, s)
	if got, err := os.ReadFile(path); err != nil || string(got) != "m\nm\n" {
		t.Errorf("%q, %v", got, err)
	}
}
