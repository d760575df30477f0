package cwlocal

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMembersGoWhereTheirNamesSay(t *testing.T) {
	type request struct {
		Name   *string
		Limit  *int64
		Short  *bool
		List   []string
		Tags   map[string]string
		Absent *string
	}
	var got request
	c := &call{body: []byte(`{"limit":3,"name":"a","other":{"name":"b"},"short":true,"list":["x","y"],"tags":{"k":"v"}}`)}
	err := c.read(members{"name": &got.Name, "limit": &got.Limit, "short": &got.Short, "list": &got.List, "tags": &got.Tags, "absent": &got.Absent})
	if err != nil {
		t.Fatal(err)
	}
	want := request{Name: new("a"), Limit: new(int64(3)), Short: new(true), List: []string{"x", "y"}, Tags: map[string]string{"k": "v"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := (&call{body: []byte(`{"name":1}`)}).read(members{"name": &got.Name}); err == nil {
		t.Error("a number is a name")
	}
}
