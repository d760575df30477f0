package logconfig_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/logconfig"
)

func TestBrokenFileLeavesTheOldConfiguration(t *testing.T) {
	cfg, out := start(t, treeDoc)
	err := cfg.ReloadFrom(strings.NewReader("version: 1\nroot: {handlers: [none]}\n"))
	if _, ok := errors.AsType[*logconfig.Error](err); !ok {
		t.Errorf("%v", err)
	}
	cfg.Logger("").Warn("m")
	if diff := cmp.Diff("a root WARNING m\n", out.take()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A handler that does not start takes those down that did, and nothing changes. What
// were left running would be seen when the tests end.
func TestReloadIsAllOrNothing(t *testing.T) {
	cfg, out := start(t, treeDoc)
	err := cfg.ReloadFrom(strings.NewReader(`
version: 1
handlers:
  a: {class: cloudwatch, endpoint_url: "http://127.0.0.1:1"}
  f: {class: logging.FileHandler, filename: no/such/folder/app.log}
root: {handlers: [a, f]}
`))
	e, ok := errors.AsType[*logconfig.Error](err)
	if !ok || e.Problems[0].Line != 5 || !strings.Contains(err.Error(), "make the folder first") {
		t.Errorf("%v", err)
	}
	cfg.Logger("").Warn("m")
	if diff := cmp.Diff("a root WARNING m\n", out.take()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestReloadSilencesLoggersInUse(t *testing.T) {
	cfg, out := start(t, `
version: 1
handlers: {out: {class: logging.StreamHandler}}
root: {level: INFO, handlers: [out]}
`)
	names := []string{"", "named", "named.below", "other", "other.below"}
	logAll := func() {
		for _, n := range names {
			cfg.Logger(n).Info("from " + n)
		}
	}
	logAll()
	if diff := cmp.Diff("from \nfrom named\nfrom named.below\nfrom other\nfrom other.below\n", out.take()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	next := `
version: 1
disable_existing_loggers: %v
handlers: {out: {class: logging.StreamHandler}}
root: {level: INFO, handlers: [out]}
loggers: {named: {}}
`
	for disable, want := range map[bool]string{
		true:  "from \nfrom named\nfrom named.below\n",
		false: "from \nfrom named\nfrom named.below\nfrom other\nfrom other.below\n",
	} {
		if err := cfg.ReloadFrom(strings.NewReader(fmt.Sprintf(next, disable))); err != nil {
			t.Fatal(err)
		}
		logAll()
		if diff := cmp.Diff(want, out.take()); diff != "" {
			t.Errorf("%v: -want +got:\n%s", disable, diff)
		}
	}
}

func TestIncrementalChangesLevelsAndNothingElse(t *testing.T) {
	cfg, out := start(t, treeDoc)
	log := cfg.Logger("app")
	if err := cfg.ReloadFrom(strings.NewReader(`
version: 1
incremental: true
handlers: {b: {level: INFO, class: nothing.that.exists}}
loggers:
  app: {propagate: false, handlers: [ignored]}
  fresh: {level: DEBUG}
root: {level: ERROR}
`)); err != nil {
		t.Fatal(err)
	}
	log.Info("m")
	cfg.Logger("").Warn("no")
	cfg.Logger("fresh").Debug("m")
	if diff := cmp.Diff("b app INFO m\na fresh DEBUG m\n", out.take()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	err := cfg.ReloadFrom(strings.NewReader("version: 1\nincremental: true\nhandlers: {c: {level: INFO}}\n"))
	if err == nil || !strings.Contains(err.Error(), `unknown handler "c"`) {
		t.Errorf("%v", err)
	}
}

func TestReloadAfterCloseIsRefused(t *testing.T) {
	cfg, _ := start(t, treeDoc)
	cfg.Close(t.Context())
	if err := cfg.ReloadFrom(strings.NewReader(treeDoc)); !errors.Is(err, logconfig.ErrClosed) {
		t.Errorf("%v", err)
	}
	if err := cfg.Reload(); err == nil {
		t.Error("there is no file")
	}
}

func TestReloadReadsTheSameFileInAnotherFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("logging.yaml", fmt.Appendf(nil, watchedDoc, "INFO"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := logconfig.Load("logging.yaml", &logconfig.Options{Stderr: &screen{}})
	if err != nil {
		t.Fatal(err)
	}
	defer cfg.Close(t.Context())
	path, err := filepath.Abs("logging.yaml")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := cfg.Reload(); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(path, []byte("version: 2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := cfg.Reload(); err == nil || !strings.HasPrefix(err.Error(), "logging.yaml:1:10: ") {
		t.Errorf("%v", err)
	}
}
