package term

import (
	"io"
	"slices"
	"strings"
)

// A Table is rows of cells in columns as wide as their widest cell. Cells may
// be painted.
type Table struct {
	// Indent is the number of spaces before each row.
	Indent int
	// Right are the columns that hold numbers, aligned at their right end.
	Right []int

	rows [][]string
}

// gap is the number of spaces between two columns.
const gap = 2

// Row adds a row. Rows may differ in length.
func (t *Table) Row(cells ...string) { t.rows = append(t.rows, cells) }

// WriteTo writes the table, one line a row, without spaces at the end of a line.
func (t *Table) WriteTo(w io.Writer) (int64, error) {
	widths := t.widths()
	var b strings.Builder
	for _, row := range t.rows {
		line := strings.Repeat(" ", t.Indent)
		for i, cell := range row {
			line += pad(cell, widths[i], slices.Contains(t.Right, i)) + strings.Repeat(" ", gap)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}

func (t *Table) widths() []int {
	var widths []int
	for _, row := range t.rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], Columns(cell))
		}
	}
	return widths
}
