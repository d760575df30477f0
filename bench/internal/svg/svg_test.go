package svg

import (
	"encoding/xml"
	"testing"
)

func TestThePlotsTitleIsReadToWhoDoesNotSee(t *testing.T) {
	var got struct {
		Role  string `xml:"role,attr"`
		Title string `xml:"title"`
	}
	if err := xml.Unmarshal([]byte(New(10, 10, 0, "a < b & c").Done()), &got); err != nil {
		t.Fatal(err)
	}
	if got.Role != "img" || got.Title != "a < b & c" {
		t.Errorf("got %+v", got)
	}
}
