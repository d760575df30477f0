package delivery_test

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower"
)

func TestFieldsOfTextAndFormatters(t *testing.T) {
	for want, opts := range map[string]watchtower.Options{
		`msg=m service=shop n=1`: {Format: watchtower.FormatText},
		`msg=m service=shop g.n=1`: {NewFormatter: func(w io.Writer) slog.Handler {
			return slog.NewTextHandler(w, nil)
		}},
	} {
		opts.Fields = map[string]string{"service": "shop"}
		h, s := open(t, opts)
		l := slog.New(h)
		if opts.NewFormatter != nil {
			l = l.WithGroup("g")
		}
		l.Info("m", "n", 1)
		fmt.Fprint(h.Writer(), "a line")
		h.Close(t.Context())
		if got := messages(s); len(got) != 2 || !strings.HasSuffix(got[0], want) || got[1] != "a line" {
			t.Errorf("%q", got)
		}
	}
}
