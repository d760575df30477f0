package encode

import (
	"bytes"
	"strings"
	"testing"
)

func TestNextFindsEveryByteThatCannotStand(t *testing.T) {
	for c := range 256 {
		want := c < ' ' || c == '"' || c == '\\' || c >= 0x80
		for at := range 20 {
			s := []byte(strings.Repeat("a", 20))
			s[at] = byte(c)
			if got := next(string(s), 0); (got == at) != want || !want && got != len(s) {
				t.Errorf("%#02x at %d: next is %d", c, at, got)
			}
			dst, _ := escapeTwice(make([]byte, 0, 100), string(s))
			if (len(dst) == len(s) && bytes.Equal(dst, s)) == want && c < 0x80 {
				t.Errorf("%#02x at %d: escaped to %q", c, at, dst)
			}
		}
	}
}
