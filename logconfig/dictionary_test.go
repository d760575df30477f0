package logconfig_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower"
	"github.com/watchtower-go/watchtower/logconfig"
)

// The keys of a dictionary must not move with what With or a context adds.
func TestKeysOfADictionaryStandAtTheTopWhateverIsBesideIt(t *testing.T) {
	cart := map[string]int{"apples": 3}
	got := logged(t, "%(message)s %(shown)s", func(log *slog.Logger) {
		log.Info("", "cart", cart)
		log.With("tenant", "x").Info("", "cart", cart)
		log.With("tenant", "x", "shown", 1).Info("", "cart", struct {
			N int `json:"n"`
		}{4})
		log.With("tenant", "x").Info("", "cart", map[string]int{})
		log.With("cart", cart).Info("", "shown", cart)
		log.With("tenant", "x").Info("", "cart", cart, "n", 1)
		log.WithGroup("g").Info("", "cart", cart)
		log.With("tenant", "x").Info("", slog.Group("cart", "apples", 3))
	})
	want := `{"apples":3} -
{"tenant":"x","apples":3} -
{"tenant":"x","n":4} 1
{"tenant":"x"} -
{"apples":3} map[apples:3]
{"tenant":"x","cart":{"apples":3},"n":1} -
{"cart":{"apples":3}} -
{"tenant":"x","cart":{"apples":3}} -
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestKeysOfADictionaryStandAtTheTopBesideFieldsAndContexts(t *testing.T) {
	got := sent(t, "%(message)s", func(o *watchtower.Options) {
		o.Fields = map[string]string{"service": "shop"}
		o.ContextAttrs = func(context.Context) []slog.Attr { return []slog.Attr{slog.Int("span", 1)} }
	}, func(cfg *logconfig.Config) { cfg.Logger("app").Info("", "cart", map[string]int{"apples": 3}) })
	if diff := cmp.Diff([]string{`{"service":"shop","span":1,"apples":3}`}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
