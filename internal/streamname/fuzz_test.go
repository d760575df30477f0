package streamname

import (
	"math"
	"testing"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// A template that Parse accepts makes names that the service accepts, whatever
// the logger, the time and the attributes are, and the same one twice.
func FuzzParsedTemplatesMakeValidNames(f *testing.F) {
	f.Add("", "app.db", "shop", "acme", millis)
	f.Add("{machine_name}/{program_name}/{logger_name}/{process_id}", "", "", "", int64(0))
	f.Add("{logger_name}-{strftime:%Y-%m-%d}", "a:b", "", "", int64(-1))
	f.Add("{{{env:APP:-x}}}-{uuid}{hostname}", "", "", "", int64(math.MaxInt64))
	f.Add("{attr:a}{attr:b}{strftime:%H-%M-%S.%f}", "", "", "a*\xff\n", int64(math.MinInt64))
	f.Add("{env:A}", "", "\x00", "", int64(1))
	f.Add("{strftime:%511A %e}", "", "", "", millis)
	f.Add("{ecs.task_id}{{ecs.cluster}}{ec2.instance_id}{attr:x}", "\x01", "", "\x02:", millis)
	f.Add("}{", "{", "}", "", millis)
	f.Fuzz(func(t *testing.T, template, logger, variable, value string, unixMillis int64) {
		env := func(string) (string, bool) { return variable, variable != "" }
		parsed, err := parse(template, env, somewhere)
		if err != nil {
			return
		}
		name := parsed.Named(logger)
		attrs := func(i int) []byte {
			if i < 0 || i >= len(parsed.Attrs()) {
				t.Fatalf("asked for the attribute %d of %d", i, len(parsed.Attrs()))
			}
			return []byte(value)
		}
		raw := name.Expand(unixMillis, attrs)
		got := Fill(raw, func(string) string { return value })
		if err := cwl.ValidateStreamName(got); err != nil {
			t.Errorf("%q: %v", template, err)
		}
		if len(got) > cwl.MaxNameLength {
			t.Errorf("%q: %d bytes", template, len(got))
		}
		if again := name.Expand(unixMillis, attrs); again != raw {
			t.Errorf("%q: %q and then %q", template, raw, again)
		}
		if fixed, ok := parsed.Static(); ok && fixed != raw {
			t.Errorf("%q: static as %q, expanded to %q", template, fixed, raw)
		}
	})
}
