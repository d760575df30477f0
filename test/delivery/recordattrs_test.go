package delivery_test

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/watchtower-go/watchtower"
)

func TestRecordAttrsAreOfTheCall(t *testing.T) {
	h, s := open(t, watchtower.Options{RecordAttrs: []string{"levelname", "msg", "funcName", "filename", "name", "levelname"}})
	slog.New(h.Named("app.db")).Warn("slow")
	slog.New(h).Warn("slow")
	h.Close(t.Context())
	got := messages(s)
	want := `"msg":"slow","levelname":"WARNING","funcName":"TestRecordAttrsAreOfTheCall","filename":"recordattrs_test.go","name":"app.db","logger":"app.db"}`
	if len(got) != 2 || !strings.HasSuffix(got[0], want) || !strings.HasSuffix(got[1], `"name":"root"}`) {
		t.Errorf("%q", got)
	}
}

func TestUnknownRecordAttrsAreErrorsOfNew(t *testing.T) {
	for _, c := range []struct {
		opts watchtower.Options
		want string
	}{
		{watchtower.Options{RecordAttrs: []string{"levelName"}}, `option RecordAttrs: "levelName" is no attribute of Python's records: did you mean levelname?`},
		{watchtower.Options{RecordAttrs: []string{"tenant"}}, "attributes of your own are fields anyway"},
		{watchtower.Options{RecordAttrs: []string{"name"}, NewFormatter: func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) }}, "leave out RecordAttrs or NewFormatter"},
	} {
		if _, err := watchtower.New(context.Background(), "g", &c.opts); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, not %s", err, c.want)
		}
	}
}
