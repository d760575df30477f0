// Package svg writes plots: shapes and text on a white page, nothing more.
package svg

import (
	"fmt"
	"html"
	"strings"
)

// A Canvas is an SVG being written. Sizes and places are in pixels, from the
// left and from the top.
type Canvas struct {
	strings.Builder
}

// New returns a canvas with a title, which screen readers find too; left is where
// this begins.
func New(width, height, left int, title string) *Canvas {
	c := new(Canvas)
	fmt.Fprintf(c, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" font-family="sans-serif" font-size="12">`+"\n", width, height, width, height)
	fmt.Fprintf(c, "<title>%s</title>\n", html.EscapeString(title))
	fmt.Fprintf(c, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", width, height)
	c.Text(float64(left), 24, "start", "#000", 15, title)
	return c
}

// Text writes a line of text; anchor is start, middle or end.
func (c *Canvas) Text(x, y float64, anchor, colour string, size int, s string) {
	fmt.Fprintf(c, `<text x="%.0f" y="%.0f" text-anchor="%s" fill="%s" font-size="%d">%s</text>`+"\n", x, y, anchor, colour, size, html.EscapeString(s))
}

// Line draws a straight one; style is its attributes.
func (c *Canvas) Line(x1, y1, x2, y2 float64, style string) {
	fmt.Fprintf(c, `<path d="M%.0f %.0fL%.0f %.0f" %s/>`+"\n", x1, y1, x2, y2, style)
}

// Done ends it and returns the whole.
func (c *Canvas) Done() string { return c.String() + "</svg>\n" }
