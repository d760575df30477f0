package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/watchtower-go/watchtower/bench/internal/svg"
)

// Sizes of the plots, in pixels.
const (
	plotWidth  = 860
	marginLeft = 70
	plotTop    = 70
	plotHeight = 260
)

// colours can be told apart by the colour-blind.
var colours = map[string]string{"slog": "#888888", "watchtower": "#0072b2", "watchtower-gzip": "#d55e00"}

// plots returns the SVG files of what was run.
func (r *results) plots() map[string]string {
	files := map[string]string{}
	for _, a := range axes {
		if len(r.Runs[a.at(a.values[0]).Name]) > 0 {
			files[a.name+".svg"] = r.growthPlot(&a)
		}
	}
	for _, name := range []string{"serial", "eight"} {
		if len(r.Runs[name]) > 0 {
			files[name+".svg"] = r.barPlot(scenarioOf(name))
		}
	}
	return files
}

// A panel is one diagram with logarithmic scales.
type panel struct {
	canvas        *svg.Canvas
	left, width   float64
	x0, x1        float64 // logarithms of the ends
	y0, y1        float64
	title, bottom string
}

func (p *panel) at(x, y float64) (float64, float64) {
	return p.left + (math.Log10(x)-p.x0)/(p.x1-p.x0)*p.width, plotTop + plotHeight*(1-(math.Log10(y)-p.y0)/(p.y1-p.y0))
}

// frame draws the scales.
func (p *panel) frame(values []int) {
	p.canvas.Text(p.left, plotTop-10, "start", "#000", 12, p.title)
	for e := p.y0; e <= p.y1; e++ {
		_, y := p.at(math.Pow(10, p.x0), math.Pow(10, e))
		p.canvas.Line(p.left, y, p.left+p.width, y, `stroke="#ddd"`)
		p.canvas.Text(p.left-6, y+4, "end", "#444", 11, whole(math.Pow(10, e)))
	}
	for _, v := range values {
		x, _ := p.at(float64(v), 1)
		p.canvas.Line(x, plotTop+plotHeight, x, plotTop+plotHeight+4, `stroke="#444"`)
		p.canvas.Text(x, plotTop+plotHeight+17, "middle", "#444", 11, whole(float64(v)))
	}
	p.canvas.Text(p.left+p.width/2, plotTop+plotHeight+38, "middle", "#000", 12, p.bottom)
}

// growthPlot shows how a call and a delivered record get dearer along an axis.
func (r *results) growthPlot(a *axis) string {
	c := svg.New(plotWidth, plotTop+plotHeight+54, marginLeft, "How cost grows: "+a.title)
	x := float64(marginLeft)
	for _, p := range growing {
		name := strings.ReplaceAll(titleOf(p), "*", "")
		fmt.Fprintf(c, `<rect x="%.0f" y="36" width="18" height="4" fill="%s"/>`+"\n", x, colours[p])
		c.Text(x+23, 42, "start", "#000", 12, name)
		x += 44 + 6.3*float64(len(name))
	}
	for i, m := range []struct {
		title   string
		measure measurer
	}{{"ns a call", perCall}, {"CPU, ns a record", cpu}} {
		last := float64(a.values[len(a.values)-1])
		p := &panel{
			canvas: c, width: plotWidth/2 - marginLeft - 20, left: marginLeft + float64(i)*plotWidth/2, title: m.title, bottom: a.title,
			x0: math.Log10(float64(a.values[0])), x1: math.Log10(last),
		}
		p.y0, p.y1 = r.decades(a, m.measure)
		p.frame(a.values)
		for _, peer := range growing {
			p.curve(r, a, peer, m.measure)
		}
	}
	return c.Done()
}

// decades returns the powers of ten around what was measured.
func (r *results) decades(a *axis, m measurer) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range a.values {
		for _, peer := range growing {
			if f := r.figure(a.at(v), peer, m); f.ok() && f.median > 0 {
				low, high = min(low, math.Floor(math.Log10(f.median))), max(high, math.Ceil(math.Log10(f.median)))
			}
		}
	}
	return low, high
}

// curve draws one peer's medians, and what lies between the lowest and the
// highest as a bar.
func (p *panel) curve(r *results, a *axis, peer string, m measurer) {
	var d strings.Builder
	pen := "M"
	for _, v := range a.values {
		f := r.figure(a.at(v), peer, m)
		if !f.ok() || f.low <= 0 {
			continue
		}
		x, y := p.at(float64(v), f.median)
		_, low := p.at(float64(v), f.low)
		_, high := p.at(float64(v), f.high)
		p.canvas.Line(x, low, x, high, fmt.Sprintf(`stroke="%s" stroke-width="3" opacity="0.35"`, colours[peer]))
		fmt.Fprintf(&d, "%s%.1f %.1f", pen, x, y)
		pen = "L"
	}
	fmt.Fprintf(p.canvas, `<path d="%s" fill="none" stroke="%s" stroke-width="1.8"/>`+"\n", d.String(), colours[peer])
}

// barPlot shows the CPU time of a record, as one bar a peer.
func (r *results) barPlot(s *scenario) string {
	const row, label = 24, 270
	var peers []string
	most := 0.0
	for _, p := range s.Peers {
		if f := r.figure(s, p, cpu); f.ok() && p != "sdk-one" { // its bar would hide all others
			peers, most = append(peers, p), max(most, f.median)
		}
	}
	c := svg.New(plotWidth, 50+row*len(peers)+10, 12, "CPU of one record, in ns. "+s.Title)
	for i, p := range peers {
		f := r.figure(s, p, cpu)
		colour := "#999999"
		if strings.HasPrefix(p, "watchtower") {
			colour = "#0072b2"
		}
		y, width := float64(50+row*i), max(2, f.median/most*(plotWidth-label-80))
		c.Text(label-8, y+13, "end", "#000", 12, strings.ReplaceAll(titleOf(p), "*", ""))
		fmt.Fprintf(c, `<rect x="%d" y="%.0f" width="%.0f" height="16" fill="%s"/>`+"\n", label, y, width, colour)
		c.Text(label+width+6, y+13, "start", "#444", 11, whole(f.median))
	}
	return c.Done()
}
