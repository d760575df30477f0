package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// value reads any value into what encoding/json makes of it with UseNumber.
func value(d *Decoder) any {
	switch d.peek() {
	case '{':
		m := map[string]any{}
		d.Object(func(name []byte) {
			n := string(name)
			m[n] = value(d)
		})
		return m
	case '[':
		list := []any{}
		d.Array(func() { list = append(list, value(d)) })
		return list
	case '"':
		return string(d.Bytes())
	case 't', 'f':
		if b := d.Bool(); b != nil {
			return *b
		}
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		start := d.pos
		d.number()
		return json.Number(d.data[start:d.pos])
	default:
		d.Skip()
	}
	return nil
}

func FuzzDecoderAgreesWithEncodingJSON(f *testing.F) {
	for _, seed := range []string{
		`{}`, ` {"a" : [1, -2.5e+3, 0, true, false, null, "x"] } `, `"\u00e9\ud83d\ude00\ud800 \udc00\\\/\b\f\n\r\t\""`,
		`"\ud800\u0041"`, `"0123456789abcdef\u0020ghijklmnopqrstuvwxyz"`, "\"a\x01\"", "\"a\x80\"", `{"a":1,"a":2}`, `[1,]`, `{"a":1,}`, `01`, `-`, `1.`, `1e`,
		`nul`, `"`, `"\`, `"\u12`, `{"a"}`, `[`, `{"a":1`, "\x00", `[[[[[[]]]]]]`, `"` + strings.Repeat("x", 70) + `\n"`, `{"\u0061":"z"}`,
		`{"logGroupName":"g","logEvents":[{"timestamp":1,"message":"{\"k\":\"v\"}"}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		reference := json.NewDecoder(bytes.NewReader(data))
		reference.UseNumber()
		var want any
		wantErr := reference.Decode(&want)
		if wantErr == nil && len(bytes.TrimLeft(data[reference.InputOffset():], " \t\r\n")) > 0 {
			wantErr = fmt.Errorf("data after the value")
		}
		d := NewDecoder(bytes.Clone(data))
		got := value(d)
		d.End()
		// The two ways in which we are stricter.
		if !utf8.Valid(data) {
			if d.Err() == nil {
				t.Fatalf("%q: invalid UTF-8 was accepted", data)
			}
			return
		}
		if d.Err() != nil && strings.Contains(d.Err().Error(), "nested deeper") {
			return
		}
		if (d.Err() == nil) != (wantErr == nil) {
			t.Fatalf("%q: error %v, encoding/json says %v", data, d.Err(), wantErr)
		}
		if wantErr == nil {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%q: (-encoding/json +wire)\n%s", data, diff)
			}
		}
	})
}

func FuzzInt64AgreesWithEncodingJSON(f *testing.F) {
	for _, seed := range []string{
		"0", "-0", "1", "-1", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
		"1.0", "1e3", "00", "12345678901234567890123", "null", `"1"`, "true",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		var want *int64
		wantErr := json.Unmarshal([]byte(s), &want)
		d := NewDecoder([]byte(s))
		got := d.Int64()
		d.End()
		if (d.Err() == nil) != (wantErr == nil) {
			t.Fatalf("%q: error %v, encoding/json says %v", s, d.Err(), wantErr)
		}
		if wantErr == nil && !cmp.Equal(got, want) {
			t.Fatalf("%q: %v, encoding/json says %v", s, got, want)
		}
	})
}

func TestErrorsNameWhatIsWrong(t *testing.T) {
	for _, tt := range []struct{ body, want string }{
		{``, "the body ends where a value of type structure should be (at byte 0)"},
		{`{"s":1}`, "member 's': a number cannot be converted to a string (at byte 5)"},
		{`{"s":["x"]}`, "member 's': a list cannot be converted to a string (at byte 5)"},
		{`{"n":"1"}`, "member 'n': a string cannot be converted to a long (at byte 5)"},
		{`{"n":1.5}`, "member 'n': the number is not a whole number of 64 bits (at byte 5)"},
		{`{"n":99999999999999999999}`, "member 'n': the number is not a whole number of 64 bits (at byte 5)"},
		{`{"b":{}}`, "member 'b': a structure cannot be converted to a boolean (at byte 5)"},
		{`{"l":"x"}`, "member 'l': a string cannot be converted to a list (at byte 5)"},
		{`{"l":["x",null]}`, "member 'l': null in a list (at byte 14)"},
		{`{"m":{"k":null}}`, "member 'k': null in a map (at byte 14)"},
		{`{"m":true}`, "member 'm': a boolean cannot be converted to a structure (at byte 5)"},
		{`["x"]`, "a list cannot be converted to a structure (at byte 0)"},
		{`{} x`, "unexpected 'x' after the end of the body (at byte 3)"},
		{`{"s" 1}`, "unexpected '1' where ':' should be (at byte 5)"},
		{`{"s":"a`, "the body ends inside a string (at byte 7)"},
		{`{"s":"\x"}`, "an invalid escape in a string (at byte 6)"},
		{"{\"s\":\"\n\"}", "a control character in a string must be escaped, byte 0x0a was found (at byte 6)"},
		{"{\"s\":\"\xff\"}", "the body is not valid UTF-8 (at byte 0)"},
		{`{"x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, "nested deeper than 64 levels (at byte 68)"},
	} {
		d := NewDecoder([]byte(tt.body))
		d.Object(func(name []byte) {
			switch string(name) {
			case "s":
				d.String()
			case "n":
				d.Int64()
			case "b":
				d.Bool()
			case "l":
				d.Strings()
			case "m":
				d.Map()
			default:
				d.Skip()
			}
		})
		d.End()
		if got := fmt.Sprint(d.Err()); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.body, got, tt.want)
		}
	}
}

func TestNullIsAbsent(t *testing.T) {
	d := NewDecoder([]byte(`[null, null, null, null, null, null, null]`))
	var got []bool
	calls := []func() bool{
		func() bool { return d.String() == nil },
		func() bool { return d.Bytes() == nil },
		func() bool { return d.Int64() == nil },
		func() bool { return d.Bool() == nil },
		func() bool { return d.Strings() == nil },
		func() bool { return d.Map() == nil },
		func() bool { return !d.Object(func([]byte) {}) },
	}
	d.Array(func() { got = append(got, calls[len(got)]()) })
	d.End()
	if d.Err() != nil || !cmp.Equal(got, []bool{true, true, true, true, true, true, true}) {
		t.Errorf("null was read as %v, %v", got, d.Err())
	}
}

func FuzzAppendStringIsReadBackAlike(f *testing.F) {
	for _, seed := range []string{"", "plain", "\"\\\n\r\t\b\x00\x1f\x7f", "é😀\u2028<>&", "a\xffb", "0123456789\"0123456789"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := AppendString(nil, []byte(s))
		var got string
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatalf("%q became %s: %v", s, out, err)
		}
		// What encoding/json reads back of its own: U+FFFD for each bad byte.
		var want string
		quoted, _ := json.Marshal(s) // a string always marshals
		if err := json.Unmarshal(quoted, &want); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Fatalf("%q was read back as %q, want %q", s, got, want)
		}
		if strings.ContainsAny(s, "<>&") && bytes.Contains(out, []byte(`\u003`)) && !strings.Contains(s, "u003") {
			t.Fatalf("%q was escaped for HTML: %s", s, out)
		}
	})
}
