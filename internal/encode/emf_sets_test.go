package encode

import (
	"log/slog"
	"strings"
	"testing"
)

// Each set makes metrics of its own: one that is there twice, once by With
// perhaps, would double every sum.
func TestASetGivenTwiceIsDeclaredOnce(t *testing.T) {
	got, told := metered(t, Options{}, metric("A", 1), slog.String("S", "s"), slog.String("T", "t"),
		dims("S"), dims("S"), dims("S", "T"), dims("T", "S"), dims(), dims())
	if !strings.Contains(got, `"Dimensions":[["S"],["S","T"],[]]`) || told != nil {
		t.Error(got, told)
	}
}

// Only where no set is left do the metrics go with it, and the text says so.
func TestWhatASetCostsIsTold(t *testing.T) {
	const lost = "there is no other set"
	_, told := metered(t, Options{}, metric("A", 1), slog.String("S", "s"), dims("S"), dims("none"))
	if len(told) != 1 || strings.Contains(told[0], lost) {
		t.Error(told)
	}
	got, told := metered(t, Options{}, metric("A", 1), dims("none"), dims("gone"))
	if len(told) != 2 || !strings.Contains(told[0], lost) || !strings.Contains(told[1], lost) || strings.Contains(got, "_aws") {
		t.Error(told, got)
	}
}
