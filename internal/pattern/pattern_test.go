package pattern

import (
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// matching returns the messages that a pattern matches.
func matching(t *testing.T, pattern string, messages []string) []string {
	t.Helper()
	p, err := Parse(pattern)
	if err != nil {
		t.Errorf("%s: %v", pattern, err)
		return nil
	}
	var list []string
	for _, m := range messages {
		if p.Match([]byte(m)) {
			list = append(list, m)
		}
	}
	return list
}

// The messages and results are those of the User Guide's page on patterns.
func TestTermsMatchAsTheUserGuideSays(t *testing.T) {
	const (
		bad          = "[ERROR 400] BAD REQUEST"
		unauthorized = "[ERROR 401] UNAUTHORIZED REQUEST"
		missing      = "[ERROR 419] MISSING ARGUMENTS"
		wrong        = "[ERROR 420] INVALID ARGUMENTS"
		internal     = "[ERROR 500] INTERNAL SERVER ERROR"
		failed       = "[INFO] REQUEST FAILED"
		both         = "ERROR WARN message"
		onlyError    = "ERROR message"
		onlyWarn     = "WARN message"
	)
	four := []string{bad, unauthorized, missing, wrong}
	three := []string{both, onlyError, onlyWarn}
	for _, tt := range []struct {
		pattern        string
		messages, want []string
	}{
		{`ERROR`, four, four},
		{`error`, four, nil},
		{`ERR`, four, four},
		{`ERROR ARGUMENTS`, four, []string{missing, wrong}},
		{`ARGUMENTS ERROR`, four, []string{missing, wrong}},
		{`?ERROR ?ARGUMENTS`, four, four},
		{`?MISSING ?BAD`, four, []string{bad, missing}},
		{`ERROR -ARGUMENTS`, four, []string{bad, unauthorized}},
		{`-ARGUMENTS`, four, []string{bad, unauthorized}},
		{`?ERROR ?ARGUMENTS REQUEST`, append([]string{failed}, four...), []string{failed, bad, unauthorized}},
		{`?nothing -ARGUMENTS`, four, []string{bad, unauthorized}},
		{`"INTERNAL SERVER ERROR"`, append([]string{internal}, four...), []string{internal}},
		{`-"BAD REQUEST"`, four, []string{unauthorized, missing, wrong}},
		{`?"BAD REQUEST" ?"401]"`, four, []string{bad, unauthorized}},
		{`"[ERROR 400]"`, four, []string{bad}},
		{``, four, four},
		{`""`, four, four},
		{`" "`, []string{"a", "a b"}, []string{"a", "a b"}},
		{`-""`, four, four},
		{" \tERROR\n", four, four},
		{`"say \"hi\" \\"`, []string{`say "hi" \`, `say hi`}, []string{`say "hi" \`}},
		{`ERROR`, three, []string{both, onlyError}},
		{`?ERROR ?WARN`, three, three},
		{`ERROR WARN`, three, []string{both}},
		{`ERROR -WARN`, three, []string{onlyError}},
		{`grün`, []string{"grün", "grun"}, []string{"grün"}},
		{`a"b"c`, []string{"c b a", "a b"}, []string{"c b a"}},
	} {
		if diff := cmp.Diff(tt.want, matching(t, tt.pattern, tt.messages)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.pattern, diff)
		}
	}
}

func TestWhatIsNoPatternIsRefused(t *testing.T) {
	for pattern, want := range map[string]string{
		`a-b`:             "Invalid character(s) in term 'a-b'",
		`ok /path`:        "Invalid character(s) in term '/path'",
		`-`:               "Invalid character(s) in term '-'",
		`? x`:             "Invalid character(s) in term '?'",
		`?-x`:             "Invalid character(s) in term '?-x'",
		`*`:               "Invalid character(s) in term '*'",
		"a\xff":           "Invalid character(s) in term 'a\xff'",
		`"open`:           "Invalid filter pattern: a quotation mark is not closed",
		`"open\"`:         "Invalid filter pattern: a quotation mark is not closed",
		` { $.a = 1 }`:    `JSON filter patterns are not supported here; use terms, such as ERROR -"timed out"`,
		`[ip, user, ...]`: `space-delimited filter patterns are not supported here; use terms, such as ERROR -"timed out"`,
		`%ab+c%`:          `regular expression filter patterns are not supported here; use terms, such as ERROR -"timed out"`,
	} {
		p, err := Parse(pattern)
		if err == nil || err.Error() != want || p != nil {
			t.Errorf("%s: got %v, want %s", pattern, err, want)
		}
	}
	if _, err := Parse("{}"); !isKind(err, "JSON") {
		t.Errorf("the error of a JSON pattern is %T", err)
	}
}

func isKind(err error, kind string) bool {
	e, ok := errors.AsType[*KindError](err)
	return ok && e.Kind == kind
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", `a -b ?c "d e" -"f" ?"g\"h"`, `"`, `-"`, `a"b`, "{", "é", `\`} {
		f.Add(seed, "a d e message")
	}
	f.Fuzz(func(t *testing.T, pattern, message string) {
		p, err := Parse(pattern)
		if err != nil {
			return
		}
		got := p.Match([]byte(message))
		// A phrase of the whole message always matches it.
		if quoted, err := Parse(`"` + escaped(message) + `"`); err == nil && !quoted.Match([]byte(message)) {
			t.Errorf("%q does not match itself as a phrase", message)
		}
		if !got && len(p.all)+len(p.none)+len(p.any) == 0 {
			t.Errorf("%q has no terms and does not match %q", pattern, message)
		}
		if utf8.ValidString(pattern) && len(p.any) > 0 && len(p.all)+len(p.none) > 0 {
			t.Errorf("%q: ?terms count beside others", pattern)
		}
	})
}

// escaped is a message as it stands between quotation marks.
func escaped(s string) string {
	var out []byte
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			out = append(out, '\\')
		}
		out = append(out, s[i])
	}
	return string(out)
}
