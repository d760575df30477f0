package streamname

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// somewhere is the process of these tests: a host with a domain and a program
// whose name Python would write without its colon.
var somewhere = newProcess("web-1.example.org", "ship:per", 4711)

// environment is what variables the tests have.
func environment(name string) (string, bool) {
	value, ok := map[string]string{
		"APP": "shop", "EMPTY": "", "ARN": "arn:aws:ecs", "LINE": "shop\n", "LONG": strings.Repeat("x", 300), "BAD": "a\xff",
	}[name]
	return value, ok
}

func mustParse(t testing.TB, template string) *Template {
	t.Helper()
	parsed, err := parse(template, environment, somewhere)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// millis is the time of events in these tests.
var millis = time.Date(2026, 2, 9, 23, 59, 59, 999_000_000, time.UTC).UnixMilli()

// values serves the attributes of a template from strings.
func values(list ...string) func(int) []byte {
	return func(i int) []byte { return []byte(list[i]) }
}

func TestTemplatesExpand(t *testing.T) {
	cases := []struct {
		template, logger string
		attrs            []string
		want             string
	}{
		{"", "app.db", nil, "web-1.example.org/shipper/app.db/4711"},
		{Default, "", nil, "web-1.example.org/shipper/root/4711"},
		{"plain", "app", nil, "plain"},
		{"größe {{{logger_name}}}", "app", nil, "größe {app}"},
		{"{hostname}", "", nil, "web-1"},
		{"{env:APP}-{env:APP:-other}", "", nil, "shop-shop"},
		{"{env:NONE:-other}/{env:EMPTY:-empty}/{env:EMPTY}{env:NONE:-}x", "", nil, "other/empty/x"},
		{"{env:NONE:-a-b}", "", nil, "a-b"},
		{"{strftime:%Y-%m-%d}", "", nil, "2026-02-09"},
		{"{logger_name}-{strftime:%y-%m-%d}", "app", nil, "app-26-02-09"},
		{"{strftime:%H}/{strftime:%d}", "", nil, "23/09"},
		{"{strftime:%H-%M-%S.%f}", "", nil, "23-59-59.999000"},
		{"{strftime:constant}", "", nil, "constant"},
		{"{attr:tenant}", "", []string{"acme"}, "acme"},
		{"{attr:tenant}", "", []string{""}, "none"},
		{"{attr:a}/{attr:b}/{attr:a}", "", []string{"1", "2"}, "1/2/1"},
		{"{attr:a key}", "", []string{"1"}, "1"},
		{"{strftime:%d}/{attr:a}/{logger_name}", "app", []string{"1"}, "09/1/app"},
		// What is not constant is mended.
		{"{logger_name}", "a:b*c\n\x7f\u0085d", nil, "a-b-c---d"},
		{"{logger_name}", "\xffa\xc3", nil, "-a-"},
		{"{attr:a}", "", []string{"a:b*c\x00größe\xe2\x82"}, "a-b-c-größe--"},
		{"{attr:a}", "", []string{"\uFFFD"}, "\uFFFD"},
		// And cut to 512 bytes between characters.
		{"a{logger_name}", strings.Repeat("ö", 300), nil, "a" + strings.Repeat("ö", 255)},
		{"{logger_name}/{process_id}", strings.Repeat("x", 510), nil, strings.Repeat("x", 510) + "/4"},
		{"a{attr:a}{attr:b}x", "", []string{strings.Repeat("ö", 300), "y"}, "a" + strings.Repeat("ö", 255)},
		{"{attr:a}ö", "", []string{strings.Repeat("x", 511)}, strings.Repeat("x", 511)},
		{"{attr:a}", "", []string{strings.Repeat("x", 511) + "€"}, strings.Repeat("x", 511)},
	}
	for _, c := range cases {
		name := mustParse(t, c.template).Named(c.logger)
		for range 2 { // made, and found again
			got := name.Expand(millis, values(c.attrs...))
			if got != c.want {
				t.Errorf("%q for %q:\n got %q\nwant %q", c.template, c.logger, got, c.want)
			}
			if err := cwl.ValidateStreamName(got); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestParseAsksTheProcess(t *testing.T) {
	t.Setenv("WATCHTOWER_TEST_APP", "shop")
	parsed, err := Parse("{machine_name}|{program_name}|{process_id}|{env:WATCHTOWER_TEST_APP}", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, static := parsed.Static()
	machine, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	want := machine + "|" + filepath.Base(os.Args[0]) + "|" + strconv.Itoa(os.Getpid()) + "|shop"
	if got != want || !static {
		t.Errorf("got %q, %v; want %q", got, static, want)
	}
}

func TestUUIDIsOnePerProcess(t *testing.T) {
	first, _ := mustParse(t, "{uuid}").Static()
	again, _ := mustParse(t, "{uuid}").Static()
	if first != again {
		t.Errorf("%s and then %s", first, again)
	}
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(first) {
		t.Errorf("%s is not a version 4 UUID", first)
	}
}

func TestOddHostsAndProgramsStillHaveNames(t *testing.T) {
	cases := []struct{ machine, program, want string }{
		{"", "", "unknown|unknown|unknown"},
		{"web:1*", "a*b", "web-1-|web-1-|a-b"},
		{".local", ":", ".local|.local|unknown"},
		{"h\xff.x", "p\n", "h-.x|h-|p-"},
	}
	for _, c := range cases {
		parsed, err := parse("{machine_name}|{hostname}|{program_name}", environment, newProcess(c.machine, c.program, 1))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := parsed.Static(); got != c.want {
			t.Errorf("%q, %q: got %q, want %q", c.machine, c.program, got, c.want)
		}
	}
}

func TestAttrsAreListedOnceInOrder(t *testing.T) {
	got := mustParse(t, "{attr:b}{logger_name}{attr:a}{attr:b}").Attrs()
	if want := []string{"b", "a"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := mustParse(t, "").Attrs(); len(got) != 0 {
		t.Errorf("the default template has attributes %q", got)
	}
}

func TestStaticTellsWhatAnEventCannotChange(t *testing.T) {
	cases := []struct {
		template         string
		byParse, byNamed bool
	}{
		{"plain/{process_id}", true, true},
		{"", false, true},
		{"{logger_name}", false, true},
		{"{strftime:%Y}", false, false},
		{"{attr:a}", false, false},
	}
	for _, c := range cases {
		parsed := mustParse(t, c.template)
		if _, ok := parsed.Static(); ok != c.byParse {
			t.Errorf("%q parsed is static: %v", c.template, ok)
		}
		if _, ok := parsed.Named("app").Static(); ok != c.byNamed {
			t.Errorf("%q named is static: %v", c.template, ok)
		}
	}
}
