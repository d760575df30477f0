package logconfig_test

import (
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/logconfig"
)

// logged is what is written in a format of Python for what log does.
func logged(t *testing.T, format string, log func(*slog.Logger)) string {
	t.Helper()
	cfg, out := start(t, `
version: 1
formatters: {f: {format: "`+format+`"}}
handlers: {out: {class: logging.StreamHandler, formatter: f}}
root: {level: DEBUG, handlers: [out]}
`)
	log(cfg.Logger(""))
	return out.take()
}

func TestFormatsShowAttributesWithinGroups(t *testing.T) {
	got := logged(t, "%(req.id)s %(req.user.name)s %(tenant)s %(message)s", func(log *slog.Logger) {
		log.Info("m", slog.Group("req", "id", 5, "x", 2, slog.Group("user", "name", "bob")))
		log.WithGroup("req").With("id", 1).Info("m", slog.Group("user", "name", "ann"), "tenant", "in req")
		log.Info("m", "req", 7, "req.id", "flat")
		log.Info("m", slog.Group("", "tenant", "inline", "a", 1))
		log.Info("m", "req", valued{slog.GroupValue(slog.Int("id", 8))})
	})
	want := `5 bob - m req.x=2
1 ann - m req.tenant="in req"
flat - - m req=7
- - inline m a=1
8 - - m
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

type valued struct{ slog.Value }

func (v valued) LogValue() slog.Value { return v.Value }

// Of two with the same name a format shows the last; the other is not lost.
func TestNoAttributeOfTheSameNameIsLost(t *testing.T) {
	got := logged(t, "%(tenant)s %(message)s", func(log *slog.Logger) {
		log.Info("m", "tenant", 1, "a", 2, "tenant", 3)
		log.With("tenant", 1).Info("m", "tenant", 2)
	})
	if diff := cmp.Diff("3 m tenant=1 a=2\n2 m tenant=1\n", got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Attributes that slog's own handlers leave out leave no trace, not even a blank.
func TestEmptyAttributesLeaveNoTrace(t *testing.T) {
	got := logged(t, "%(message)s|", func(log *slog.Logger) {
		log.Info("m", slog.Attr{})
		log.Info("m", slog.Group("g"))
		log.WithGroup("g").Info("m", slog.Group("h"))
		log.Info("", slog.Group("g"))
		log.Info("", slog.Attr{}, slog.Group("g"))
	})
	if diff := cmp.Diff("m|\nm|\nm|\n|\n|\n", got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestReplaceAttrThatRemovesWhatTheFormatShowsLeavesItOut(t *testing.T) {
	got := sent(t, "%(secret)s %(req.secret)s %(message)s", func(o *watchtower.Options) {
		o.ReplaceAttr = func(groups []string, a slog.Attr) slog.Attr {
			if a.Key == "secret" && len(groups) == 1 && groups[0] == "req" {
				return slog.String(a.Key, "***")
			}
			if a.Key == "secret" {
				return slog.Attr{}
			}
			return a
		}
	}, func(cfg *logconfig.Config) {
		cfg.Logger("").Info("m", "secret", "s3", slog.Group("req", "secret", "s4"), "a", 1)
	})
	if diff := cmp.Diff([]string{"- *** m a=1"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
