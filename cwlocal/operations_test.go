package cwlocal_test

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/cwlocal"
)

var update = flag.Bool("update", false, "rewrite the table of docs/api-coverage.md")

const (
	coverage  = "../docs/api-coverage.md"
	tableHead = "| operation | status | how |\n|---|---|---|\n"
)

// TestCoverageDocumentsEveryOperation compares the table of the document with
// the registry; -update rewrites it.
func TestCoverageDocumentsEveryOperation(t *testing.T) {
	data, err := os.ReadFile(coverage)
	if err != nil {
		t.Fatal(err)
	}
	intro, table, ok := strings.Cut(string(data), tableHead)
	if !ok {
		t.Fatalf("%s has no table that begins with %q", coverage, tableHead)
	}
	var want strings.Builder
	for _, op := range cwlocal.Operations() {
		fmt.Fprintf(&want, "| %s | %s | %s |\n", op.Name, op.Status, op.Note)
	}
	if *update {
		if err := os.WriteFile(coverage, []byte(intro+tableHead+want.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want.String(), table); diff != "" {
		t.Errorf("%s differs from the registry: run go test ./cwlocal -run Coverage -update (-registry +document)\n%s", coverage, diff)
	}
	if n := strings.Count(table, "\n"); n != 118 {
		t.Errorf("%d rows, want 118", n)
	}
}

// TestRegistryHasTheOperationsOfTheSDK finds operations that a newer SDK knows.
func TestRegistryHasTheOperationsOfTheSDK(t *testing.T) {
	var want, got []string
	for method := range reflect.TypeFor[*cloudwatchlogs.Client]().Methods() {
		if method.Name != "Options" {
			want = append(want, method.Name)
		}
	}
	for _, op := range cwlocal.Operations() {
		got = append(got, op.Name)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-SDK +registry)\n%s", diff)
	}
}

func TestOperationsAreDescribed(t *testing.T) {
	for _, op := range cwlocal.Operations() {
		if op.Note == "" || strings.ContainsAny(op.Note, "|\n") || !slices.Contains([]cwlocal.Status{cwlocal.Exact, cwlocal.Partial, cwlocal.Refused}, op.Status) {
			t.Errorf("%+v: want a status and a note that fits a row of a table", op)
		}
	}
}
