package logconfig

import (
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/watchtower-go/watchtower"
)

// What a document cannot say is a function, an interface or the client, and is set
// by Options.Watchtower; Level is a key of all handlers.
func TestEveryOptionHasAKey(t *testing.T) {
	fields := 0
	for f := range reflect.TypeFor[watchtower.Options]().Fields() {
		switch f.Type.Kind() {
		case reflect.Func, reflect.Interface:
			continue
		}
		if f.Name == "Client" {
			continue
		}
		fields++
		k := lookUp(optionKeys, snake(f.Name))
		if k == nil || k.name != snake(f.Name) {
			t.Errorf("optionKeys has no key %q for Options.%s", snake(f.Name), f.Name)
			continue
		}
		c := &cloudWatch{}
		k.set(c, sample(t, k))
		if reflect.ValueOf(c.opts).FieldByName(f.Name).IsZero() {
			t.Errorf("the key %q does not set Options.%s", k.name, f.Name)
		}
	}
	if fields != len(optionKeys) {
		t.Errorf("%d keys for %d fields", len(optionKeys), fields)
	}
}

// sample is a value for a key that is not the zero of its field.
func sample(t *testing.T, k *key) any {
	t.Helper()
	switch k.want {
	case wantText:
		return "x"
	case wantNumber, wantSize:
		return 7
	case wantBool:
		return true
	case wantDuration:
		return time.Minute
	case wantTags:
		return map[string]string{"a": "b"}
	case wantMap:
		return fields{}
	case wantNames:
		return []reference{{text: "x"}}
	case wantChoice:
		return k.choices[len(k.choices)-1]
	}
	t.Fatalf("the key %q wants something new", k.name)
	return nil
}

func TestKeysAreSpelledOnce(t *testing.T) {
	for _, c := range classes {
		seen := map[string]bool{}
		for _, k := range append(slices.Clone(handlerKeys), c.keys...) {
			for _, name := range append([]string{k.name}, k.also...) {
				if seen[name] {
					t.Errorf("%s has the key %q twice", c.names[0], name)
				}
				seen[name] = true
			}
			if k.doc == "" && k.refuse == "" {
				t.Errorf("the key %q is not explained", k.name)
			}
		}
	}
}

// settings reads the keys of a CloudWatch handler.
func settings(t *testing.T, class, keys string) *cloudWatch {
	t.Helper()
	p, err := readPlan("doc", []byte("version: 1\nhandlers:\n  cw:\n    class: "+class+"\n    "+strings.ReplaceAll(strings.TrimSpace(keys), "\n", "\n    ")))
	if err != nil {
		t.Fatal(err)
	}
	return p.handlers["cw"].setting.(*cloudWatch)
}

func TestKeysOfPythonMeanWhatTheyMeant(t *testing.T) {
	cases := []struct {
		name, class, keys string
		want              cloudWatch
	}{
		{"nothing, as in Python", cloudWatchClass, "", cloudWatch{"watchtower", watchtower.Options{FlushInterval: time.Minute}}},
		{"nothing, natively", "cloudwatch", "", cloudWatch{group: "watchtower"}},
		{
			"new names", cloudWatchClass, `
log_group_name: app
log_stream_name: "{logger_name}"
use_queues: false
send_interval: 2.5
max_batch_size: 65536
max_batch_count: 100
max_message_size: 262144
create_log_group: false
create_log_stream: no
log_group_tags: {team: core, n: 7}
log_group_retention_days: 30
boto3_profile_name: prod
region_name: eu-west-1
endpoint_url: http://localhost:4586
boto3_client: null
json_serialize_default: ~`,
			cloudWatch{"app", watchtower.Options{
				LogStreamName: "{logger_name}", Sync: true, BlockTimeout: 30 * time.Second, FlushInterval: 2500 * time.Millisecond, MaxBatchBytes: 65536, MaxBatchEvents: 100,
				MaxEventBytes: 262144 - 26, NoCreateLogGroup: true, NoCreateLogStream: true, Tags: map[string]string{"team": "core", "n": "7"},
				RetentionDays: 30, EnforceRetention: true, Profile: "prod", Region: "eu-west-1", EndpointURL: "http://localhost:4586",
			}},
		},
		{
			"old names", cloudWatchClass, "log_group: app\nstream_name: s\nuse_queues: True\nlog_group_retention_days: null",
			cloudWatch{"app", watchtower.Options{LogStreamName: "s", FlushInterval: time.Minute}},
		},
		{
			"native names", "cloudwatch", `
log_group_name: app
queue_bytes: 32MiB
when_full: drop_lowest_level
flush_interval: 500ms
error_reserve: -1
oversize: Split
spool_dir: /var/spool/app
spool: always
spool_bytes: 2 GiB
spool_sync: interval
spool_sync_interval: 100ms
block_timeout: 1m
retention_days: 7`,
			cloudWatch{"app", watchtower.Options{
				QueueBytes: 32 << 20, WhenFull: watchtower.DropLowestLevel, FlushInterval: 500 * time.Millisecond, ErrorReserve: -1,
				Oversize: watchtower.Split, SpoolDir: "/var/spool/app", Spool: watchtower.SpoolAlways, SpoolBytes: 2 << 30,
				SpoolSync: watchtower.SyncInterval, SpoolSyncInterval: 100 * time.Millisecond, BlockTimeout: time.Minute, RetentionDays: 7,
			}},
		},
		{
			"sampling and entity, in short", "cloudwatch", "sampling: true\nentity: {Type: Service, Name: shop, Environment: 7}\nflush_interval: 0",
			cloudWatch{"watchtower", watchtower.Options{
				FlushInterval: time.Millisecond, Sampling: &watchtower.Sampling{},
				Entity: &watchtower.Entity{KeyAttributes: map[string]string{"Type": "Service", "Name": "shop", "Environment": "7"}},
			}},
		},
		{
			"sampling and entity, whole", "cloudwatch", `
sampling: {interval: 10s, first: 5, thereafter: -1, level: WARNING}
entity:
  key_attributes: {Type: Service, Name: shop, Environment: prod}
  attributes: {PlatformType: Generic}`,
			cloudWatch{"watchtower", watchtower.Options{
				Sampling: &watchtower.Sampling{Interval: 10 * time.Second, First: 5, Thereafter: -1, Level: slog.LevelWarn},
				Entity: &watchtower.Entity{
					KeyAttributes: map[string]string{"Type": "Service", "Name": "shop", "Environment": "prod"},
					Attributes:    map[string]string{"PlatformType": "Generic"},
				},
			}},
		},
		{"no sampling", "cloudwatch", "sampling: false", cloudWatch{group: "watchtower"}},
		{"sent at once, as in Python", cloudWatchClass, "send_interval: 0", cloudWatch{"watchtower", watchtower.Options{FlushInterval: time.Millisecond}}},
		{
			"retention that is not enforced", cloudWatchClass, "log_group_retention_days: 30\nenforce_retention: false",
			cloudWatch{"watchtower", watchtower.Options{FlushInterval: time.Minute, RetentionDays: 30}},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := settings(t, c.class, c.keys)
			if diff := cmp.Diff(&c.want, got, cmp.AllowUnexported(cloudWatch{}), cmpopts.IgnoreFields(watchtower.Options{}, "Client")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestLevelsAreThoseOfPython(t *testing.T) {
	for number, want := range map[int]int{5: -6, 10: -4, 11: -3, 15: -2, 19: 0, 20: 0, 21: 1, 25: 2, 29: 4, 30: 4, 40: 8, 50: 12, 60: 16} {
		if got := levelOf(number); int(got) != want {
			t.Errorf("%d is %d, want %d", number, got, want)
		}
	}
	for text, want := range map[string]int{"debug": -4, "WARN": 4, "Warning": 4, "CRITICAL": 12, "fatal": 12, "INFO+2": 2, "error-1": 7} {
		got, ok := parseLevel(&node{kind: textKind, text: text})
		if int(got) != want || !ok {
			t.Errorf("%s is %d (%v), want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "LOUD", "10", "NOTSET+1"} {
		if got, ok := parseLevel(&node{kind: textKind, text: text}); ok {
			t.Errorf("%q is taken, as %v", text, got)
		}
	}
	if l := levelOf(0); fmt.Sprint(int(l)) != fmt.Sprint(int(everything)) {
		t.Errorf("NOTSET is %v", l)
	}
}

func TestSnakeIsHowKeysAreSpelled(t *testing.T) {
	for field, want := range map[string]string{"KMSKeyID": "kms_key_id", "EndpointURL": "endpoint_url", "LogStreamName": "log_stream_name", "Sync": "sync", "MaxInFlight": "max_in_flight"} {
		if got := snake(field); got != want {
			t.Errorf("%s is %s, want %s", field, got, want)
		}
	}
}

// What only Go can give is known by its name, and the error says where to give it.
func TestEveryOptionThatIsCodeSaysWhereItIsSet(t *testing.T) {
	for f := range reflect.TypeFor[watchtower.Options]().Fields() {
		if k := f.Type.Kind(); k != reflect.Func && k != reflect.Interface && f.Name != "Client" || f.Name == "Level" {
			continue
		}
		if k := lookUp(cloudWatchKeys, snake(f.Name)); k == nil || !strings.Contains(k.refuse, " in Go") {
			t.Errorf("Options.%s: %+v", f.Name, k)
		}
	}
}

func TestStructsWithinOptionsHaveAllTheirFields(t *testing.T) {
	for _, c := range []struct {
		of   reflect.Type
		keys []key
	}{{reflect.TypeFor[watchtower.Sampling](), samplingKeys}, {reflect.TypeFor[watchtower.Entity](), entityKeys}} {
		for f := range c.of.Fields() {
			if lookUp(c.keys, snake(f.Name)) == nil {
				t.Errorf("no key for %v.%s", c.of, f.Name)
			}
		}
	}
}
