// Package near tells how alike two names are, for those who ask "did you mean".
package near

// Distance is the number of bytes to insert, delete or replace to turn a into
// b (Levenshtein). It takes len(a)·len(b) steps.
func Distance(a, b string) int {
	// row[j] is the distance of the a seen so far to b[:j].
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
