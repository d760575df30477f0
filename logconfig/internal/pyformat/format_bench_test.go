package pyformat

import (
	"log/slog"
	"testing"
	"time"
)

// usual are formats as they stand in most configurations.
var usual = []struct{ name, style, format, datefmt string }{
	{"message", "%", "%(message)s", ""},
	{"default", "%", "%(asctime)s %(levelname)s %(name)s %(message)s", ""},
	{"padded", "%", "%(asctime)s %(levelname)-8s [%(filename)s:%(lineno)d] %(message)s", "%H:%M:%S"},
	{"brace", "{", "{asctime} [{levelname:^8}] {process:06d} {msecs:03.0f} {name:>12.12}: {message}", ""},
	{"dollar", "$", "$asctime ${levelname} $name $message", ""},
	{"attrs", "%", "%(created).3f %(tenant)-8s %(count)05d %(message)s", ""},
}

func usualRecord() *Record {
	tenant, count := slog.StringValue("acme"), slog.IntValue(42)
	return &Record{
		Name: "app.db", Level: slog.LevelWarn, Message: "connection refused by größe, 3 attempts", Time: time.Unix(1770606245, 67890123),
		PathName: "/srv/app/db/pool.go", Func: "example.com/app/db.(*Pool).Get", Line: 42,
		Attr: func(key string) (slog.Value, bool) {
			switch key {
			case "tenant":
				return tenant, true
			case "count":
				return count, true
			}
			return slog.Value{}, false
		},
	}
}

func TestUsualFormatsAllocateNothing(t *testing.T) {
	r := usualRecord()
	for _, u := range usual {
		f, err := Parse(u.format, u.datefmt, u.style)
		if err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 0, 1024)
		if n := testing.AllocsPerRun(100, func() { buf = f.Append(buf[:0], r) }); n > 0 {
			t.Errorf("%s allocates %v times a record: %s", u.name, n, buf)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	r := usualRecord()
	for _, u := range usual {
		b.Run(u.name, func(b *testing.B) {
			f, err := Parse(u.format, u.datefmt, u.style)
			if err != nil {
				b.Fatal(err)
			}
			buf := make([]byte, 0, 1024)
			b.ReportAllocs()
			for b.Loop() {
				buf = f.Append(buf[:0], r)
			}
		})
	}
}
