//go:build chaos && unix

package chaos

import (
	"fmt"
	"regexp"
	"strconv"
)

// An id names a record for good: the process that logged it, the worker there,
// and the worker's count.
type id struct{ process, worker, n int }

func (r id) String() string { return fmt.Sprintf("%d/%d/%d", r.process, r.worker, r.n) }

// gap stands for a record that the handler wrote by itself to tell of losses;
// n is how many.
func gap(n int) id { return id{-1, -1, n} }

func (r id) isGap() bool { return r.process < 0 }

// token finds, in a message or in a whole body, what tells one event from
// another: the id that stands in each message, or the text of a gap record.
var token = regexp.MustCompile(`id:(\d+)/(\d+)/(\d+);|watchtower: (\d+) log events? (?:was|were) lost here`)

// tokens returns the events of a body in order.
func tokens(body []byte) []id {
	var found []id
	for _, m := range token.FindAllSubmatch(body, -1) {
		if m[1] == nil {
			found = append(found, gap(number(m[4])))
			continue
		}
		found = append(found, id{number(m[1]), number(m[2]), number(m[3])})
	}
	return found
}

// parseID reads what String wrote.
func parseID(s string) (id, error) {
	var r id
	_, err := fmt.Sscanf(s, "%d/%d/%d", &r.process, &r.worker, &r.n)
	return r, err
}

// number reads digits that a pattern found.
func number(b []byte) int {
	n, _ := strconv.Atoi(string(b))
	return n
}
