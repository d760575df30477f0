package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/watchtower-go/watchtower/bench/internal/svg"
)

// Sizes of a plot, in pixels.
const (
	plotWidth   = 860
	panelHeight = 190
	panelGap    = 56
	marginLeft  = 78
	marginRight = 20
	marginTop   = 74
	panelWidth  = plotWidth - marginLeft - marginRight
	plotPoints  = 260 // of a line
)

// colours are those of the policies; they can be told apart by the colour-blind.
var colours = map[string]string{naive.Name: "#d55e00", hasty.Name: "#cc79a7", draft.Name: "#888888", ours.Name: "#0072b2"}

// legends say in a few words what the policies do.
var legends = map[string]string{
	naive.Name: "naive: again every second",
	hasty.Name: "hasty: five times, then drops",
	draft.Name: "draft: back-off only",
	ours.Name:  "ours",
}

// A canvas is a plot being drawn.
type canvas struct {
	*svg.Canvas
}

func newCanvas(height int, title string) *canvas {
	return &canvas{svg.New(plotWidth, height, marginLeft, title)}
}

// legend explains the colours.
func (c *canvas) legend() {
	x := float64(marginLeft)
	for _, p := range policies {
		fmt.Fprintf(c, `<rect x="%.0f" y="38" width="18" height="4" fill="%s"/>`+"\n", x, colours[p.Name])
		c.Text(x+23, 44, "start", "#000", 12, legends[p.Name])
		x += 44 + 6.3*float64(len(legends[p.Name]))
	}
}

// A panel is one diagram of a plot: seconds to the right, something upwards.
type panel struct {
	canvas  *canvas
	top     float64
	seconds float64 // of the whole width
	most    float64 // of the whole height
}

// at is where a value stands.
func (p *panel) at(x, y float64) (float64, float64) {
	return marginLeft + x/p.seconds*panelWidth, p.top + panelHeight*(1-min(y, p.most)/p.most)
}

// axes draws the frame, the time of the event and both scales.
func (p *panel) axes(sc *scenario, title string) {
	x1, _ := p.at(sc.From, 0)
	x2, _ := p.at(sc.To, 0)
	fmt.Fprintf(p.canvas, `<rect x="%.0f" y="%.0f" width="%.0f" height="%d" fill="#f3eee0"/>`+"\n", x1, p.top, x2-x1, panelHeight)
	p.canvas.Text(marginLeft, p.top-8, "start", "#000", 12, title)
	for v, step := 0.0, round(p.most/4); v <= p.most*1.001; v += step {
		x, y := p.at(0, v)
		p.canvas.Line(x, y, x+panelWidth, y, `stroke="#ddd"`)
		p.canvas.Text(x-6, y+4, "end", "#444", 11, number(v))
	}
	for t, step := 0.0, round(p.seconds/60/8)*60; t <= p.seconds; t += step {
		x, y := p.at(t, 0)
		p.canvas.Line(x, y, x, y+4, `stroke="#444"`)
		p.canvas.Text(x, y+17, "middle", "#444", 11, number(t/60)+" min")
	}
}

// curve draws one line through a value for each step of the time. Values that
// are not numbers leave a hole.
func (p *panel) curve(colour string, step int, value func(from, to int) float64) {
	var d strings.Builder
	pen := "M"
	for from := 0; from+step <= int(p.seconds); from += step {
		v := value(from, from+step)
		if math.IsNaN(v) {
			pen = "M"
			continue
		}
		x, y := p.at(float64(from)+float64(step)/2, v)
		fmt.Fprintf(&d, "%s%.0f %.1f", pen, x, y)
		pen = "L"
	}
	fmt.Fprintf(p.canvas, `<path d="%s" fill="none" stroke="%s" stroke-width="1.6"/>`+"\n", d.String(), colour)
}

// round returns a handsome number near v: 1, 2 or 5 and zeros.
func round(v float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	for _, k := range []float64{1, 2, 5} {
		if v <= k*unit*1.2 {
			return k * unit
		}
	}
	return 10 * unit
}

// number formats a value of a scale.
func number(v float64) string {
	if v >= 10_000 || v >= 1000 && v == math.Trunc(v) {
		return fmt.Sprintf("%d,%03d", int(v)/1000, int(v)%1000)
	}
	return fmt.Sprintf("%.3g", v)
}
