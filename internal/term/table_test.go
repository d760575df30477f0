package term

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTableAlignsPaintedCells(t *testing.T) {
	s := &Screen{colour: true}
	table := Table{Indent: 2, Right: []int{1}}
	table.Row("stream", "events", "note")
	table.Row("日本", s.Paint(Green, "10,000"))
	table.Row("web/app", "7", "")
	var b strings.Builder
	n, err := table.WriteTo(&b)
	want := "" +
		"  stream   events  note\n" +
		"  日本     \x1b[32m10,000\x1b[0m\n" +
		"  web/app       7\n"
	if diff := cmp.Diff(want, b.String()); diff != "" || err != nil || n != int64(len(want)) {
		t.Errorf("WriteTo = %d, %v (-want +got):\n%s", n, err, diff)
	}
}

func TestAnEmptyTableIsNothing(t *testing.T) {
	var b strings.Builder
	if n, err := new(Table).WriteTo(&b); n != 0 || err != nil || b.Len() != 0 {
		t.Errorf("WriteTo = %d, %v, %q", n, err, b.String())
	}
}
