package house

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// This file holds the code to the plan of the house (docs/architecture.md):
// who may import whom, and through which door each foreign library comes in.
// Imports of tests are free, and so are those of the standard library.
//
// Packages are written without the module's path; "." is package watchtower.
// "a/..." is a and all below it. Rows for packages that do not exist are fine.

const module = "github.com/watchtower-go/watchtower"

// public is what a user of the library can import.
var public = []string{".", "logconfig", "bridge/...", "watchtowertest", "cwlocal"}

// rooms is the table: each package and the ones of ours that it may import.
// cwl has no imports of ours and is the vocabulary of the client's side.
var rooms = map[string][]string{
	".": {"internal/engine", "internal/encode", "internal/streamname", "internal/meta", "internal/entity", "internal/pyrecord", "internal/cwl"},

	"internal/engine":     {"internal/queue", "internal/batch", "internal/deliver", "internal/spool", "internal/ledger", "internal/cwl"},
	"internal/queue":      {"internal/cwl"},
	"internal/batch":      {"internal/cwl"},
	"internal/deliver":    {"internal/cwl"},
	"internal/spool":      {"internal/cwl"},
	"internal/ledger":     {"internal/cwl"},
	"internal/encode":     {"internal/pyrecord", "internal/cwl"},
	"internal/streamname": {"internal/strftime", "internal/near", "internal/cwl"},
	"internal/strftime":   {},
	"internal/meta":       {},
	"internal/entity":     {"internal/cwl"},
	"internal/cwl":        {},
	"internal/near":       {},
	"internal/named":      {"."},
	"internal/pyrecord":   {"internal/near"},

	"logconfig":                   {".", "logconfig/internal/...", "internal/near", "internal/pyrecord"},
	"logconfig/internal/pyformat": {"internal/strftime", "internal/near", "internal/pyrecord"},
	"logconfig/internal/sink":     {},

	"bridge/watchhttp":    {},
	"bridge/watchlambda":  {"."},
	"bridge/watchzap":     {".", "internal/named"},
	"bridge/watchzerolog": {"."},
	"bridge/watchlogrus":  {"."},
	"bridge/watchhclog":   {".", "internal/named"},
	"bridge/watchotel":    {"."},
	"watchtowertest":      {".", "cwlocal"},

	"cwlocal":                      {"cwlocal/internal/...", "internal/pattern", "internal/web", "internal/strftime"},
	"cwlocal/internal/store":       {},
	"cwlocal/internal/wire":        {},
	"cwlocal/internal/insights":    {},
	"cwlocal/internal/eventstream": {},
	"internal/pattern":             {},
	"internal/web":                 {},

	"internal/collect": {},
	"internal/term":    {},
	"cmd/watchtower":   append([]string{"internal/pattern", "internal/web", "internal/collect", "internal/term", "internal/spool", "internal/near", "internal/cwl"}, public...),

	// Both stand outside, as a user does.
	"examples/...": public,
	"test/...":     append([]string{"test/localserver"}, public...),
}

// doors names, for each foreign library, the packages that import it. The
// longest matching path counts. Examples and test programs are users and may
// import any library.
var doors = map[string][]string{
	"github.com/aws/aws-sdk-go-v2":        {"internal/deliver", ".", "watchtowertest", "cmd/watchtower"},
	"github.com/aws/smithy-go":            {"internal/deliver", ".", "watchtowertest", "cmd/watchtower"},
	"github.com/aws/aws-lambda-go":        {"bridge/watchlambda"},
	"github.com/itchyny/timefmt-go":       {"internal/strftime"},
	"github.com/goccy/go-yaml":            {"logconfig"},
	"github.com/alecthomas/kong":          {"cmd/watchtower", "internal/term"},
	"golang.org/x/term":                   {"cmd/watchtower", "internal/term"},
	"github.com/schollz/progressbar":      {"internal/term"},
	"go.etcd.io/bbolt":                    {"cwlocal/internal/store"},
	"github.com/klauspost/compress/zstd":  {"cwlocal/internal/store"},
	"github.com/klauspost/compress/gzip":  {"internal/batch", "cwlocal"},
	"go.opentelemetry.io/proto/slim/otlp": {"cwlocal"},
	"github.com/leodido/go-syslog":        {"internal/collect"},
	"github.com/fsnotify/fsnotify":        {"internal/collect"},
	"go.uber.org/zap":                     {"bridge/watchzap"},
	"github.com/rs/zerolog":               {"bridge/watchzerolog"},
	"github.com/sirupsen/logrus":          {"bridge/watchlogrus"},
	"github.com/hashicorp/go-hclog":       {"bridge/watchhclog"},
	"go.opentelemetry.io/otel":            {"bridge/watchotel"},
	"go.opentelemetry.io/contrib":         {"bridge/watchotel"},
}

func TestEveryPackageHasARoom(t *testing.T) { report(t, packages(t).withoutRoom()) }

func TestPackagesImportWhatTheirRowAllows(t *testing.T) { report(t, packages(t).outOfRow()) }

func TestForeignLibrariesComeThroughTheirDoor(t *testing.T) { report(t, packages(t).pastTheDoor()) }

// These hold whatever is written into the table.
func TestClientServerBridgesAndCommandStayApart(t *testing.T) { report(t, packages(t).together()) }

// The rules must see what they forbid: this house breaks each of them once.
func TestImportRulesSeeWhatTheyForbid(t *testing.T) {
	h := house{
		".":                      {"internal/engine", "github.com/aws/aws-sdk-go-v2/config"},
		"internal/engine":        {"internal/queue", "cwlocal/internal/store"},
		"internal/queue":         {"golang.org/x/exp/maps"},
		"internal/utils":         {},
		"cwlocal":                {"cwlocal/internal/store", "github.com/klauspost/compress/gzip"},
		"cwlocal/internal/store": {"internal/cwl", "github.com/aws/smithy-go/time"},
		"bridge/watchzap":        {".", "bridge/watchhttp", "go.uber.org/zap/zapcore"},
		"internal/term":          {"cmd/watchtower"},
		"examples/zap":           {"bridge/watchzap", "go.uber.org/zap"},
	}
	heads := func(wrong []string) (heads []string) {
		for _, what := range wrong {
			head, _, _ := strings.Cut(what, ",")
			head, _, _ = strings.Cut(head, ":")
			heads = append(heads, head)
		}
		return heads
	}
	cases := []struct {
		rule      string
		got, want []string
	}{
		{"a room each", heads(h.withoutRoom()), []string{"internal/utils is an unknown package"}},
		{"rows", heads(h.outOfRow()), []string{
			"bridge/watchzap imports bridge/watchhttp",
			"cwlocal/internal/store imports internal/cwl",
			"internal/engine imports cwlocal/internal/store",
			"internal/term imports cmd/watchtower",
		}},
		{"doors", heads(h.pastTheDoor()), []string{
			"cwlocal/internal/store imports github.com/aws/smithy-go/time",
			"internal/queue imports golang.org/x/exp/maps",
		}},
		{"apart", heads(h.together()), []string{
			". reaches cwlocal/internal/store by its imports and must not",
			"cwlocal reaches github.com/aws/smithy-go/time by its imports and must not",
			"cwlocal reaches internal/cwl by its imports and must not",
			"bridge/watchzap reaches bridge/watchhttp by its imports and must not",
			"internal/term reaches cmd/watchtower by its imports and must not",
		}},
	}
	for _, c := range cases {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.rule, diff)
		}
	}
}

func report(t *testing.T, wrong []string) {
	t.Helper()
	for _, what := range wrong {
		t.Error(what)
	}
}
