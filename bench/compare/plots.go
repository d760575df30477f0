package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/watchtower-go/watchtower/bench/internal/svg"
)

// Sizes of the plots, in pixels.
const (
	plotWidth   = 860
	marginLeft  = 70
	marginRight = 28 // for half of the last number on a scale
	plotTop     = 84
	plotHeight  = 260
)

// colours can be told apart by the colour-blind.
var colours = map[string]string{"slog": "#888888", "watchtower": "#0072b2", "watchtower-gzip": "#d55e00"}

// A plot is an SVG file of the page; svg is empty if there is nothing to see. The
// caption is what stands below it.
type plot struct{ name, title, caption, svg string }

// plots returns all of them, in the page's order.
func (r *results) plots() (all []plot) {
	for _, name := range []string{"serial", "eight"} {
		s := scenarioOf(name)
		p := plot{name: name, title: "CPU of one record: " + s.Title, caption: "A bar is a median; the thin line across its end goes from the lowest round to the highest."}
		if len(r.Runs[name]) > 0 {
			p.svg = r.barPlot(s)
		}
		all = append(all, p)
	}
	for _, a := range axes {
		first := a.at(a.values[0])
		p := plot{name: a.name, title: "How cost grows: " + a.title, caption: strings.TrimSpace(r.caption(first)) + " A point is a median; the pale line through it goes from the lowest round to the highest."}
		if len(r.Runs[first.Name]) > 0 {
			p.svg = r.growthPlot(&a)
		}
		all = append(all, p)
	}
	return all
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
	for _, v := range ticks(p.y0, p.y1) {
		_, y := p.at(math.Pow(10, p.x0), v)
		p.canvas.Line(p.left, y, p.left+p.width, y, `stroke="#ddd"`)
		p.canvas.Text(p.left-6, y+4, "end", "#444", 11, whole(v))
	}
	for _, v := range values {
		x, _ := p.at(float64(v), 1)
		p.canvas.Line(x, plotTop+plotHeight, x, plotTop+plotHeight+4, `stroke="#444"`)
		p.canvas.Text(x, plotTop+plotHeight+17, "middle", "#444", 11, whole(float64(v)))
	}
	p.canvas.Text(p.left+p.width/2, plotTop+plotHeight+38, "middle", "#000", 12, p.bottom)
}

// ticks are the numbers 1, 2 and 5 of each power of ten between two logarithms;
// where there are many powers, these alone.
func ticks(low, high float64) (all []float64) {
	steps := []float64{1, 2, 5}
	if high-low > 2.5 {
		steps = steps[:1]
	}
	for e := math.Floor(low); e <= high; e++ {
		for _, s := range steps {
			if v := s * math.Pow(10, e); math.Log10(v) >= low-1e-9 && math.Log10(v) <= high+1e-9 {
				all = append(all, v)
			}
		}
	}
	return all
}

// growthPlot shows how a call and a delivered record get dearer along an axis.
func (r *results) growthPlot(a *axis) string {
	c := svg.New(plotWidth, plotTop+plotHeight+54, marginLeft, "How cost grows: "+a.title+" (logarithmic scales)")
	x := float64(marginLeft)
	for _, p := range growing {
		name := strings.ReplaceAll(titleOf(p), "*", "")
		fmt.Fprintf(c, `<rect x="%.0f" y="40" width="18" height="4" fill="%s"/>`+"\n", x, colours[p])
		c.Text(x+23, 46, "start", "#000", 12, name)
		x += 48 + 6.6*float64(len(name))
	}
	for i, m := range []struct {
		title   string
		measure measurer
	}{{"a call: ns by the clock, all goroutines together", perCall}, {"a record: ns of CPU", cpu}} {
		last := float64(a.values[len(a.values)-1])
		p := &panel{
			canvas: c, width: plotWidth/2 - marginLeft - marginRight, left: marginLeft + float64(i)*plotWidth/2, title: m.title, bottom: a.title,
			x0: math.Log10(float64(a.values[0])), x1: math.Log10(last),
		}
		p.y0, p.y1 = r.heights(a, m.measure)
		p.frame(a.values)
		for _, peer := range growing {
			p.curve(r, a, peer, m.measure)
		}
	}
	return c.Done()
}

// heights returns the logarithms of the ends of a scale: the ticks around what was
// measured.
func (r *results) heights(a *axis, m measurer) (low, high float64) {
	lowest, highest := math.Inf(1), 0.0
	for _, v := range a.values {
		for _, peer := range growing {
			if f := r.figure(a.at(v), peer, m); f.ok() && f.low > 0 {
				lowest, highest = min(lowest, f.low), max(highest, f.high)
			}
		}
	}
	low, high = math.Floor(math.Log10(lowest)), math.Floor(math.Log10(highest))+1
	tight := [2]float64{low, high}
	for _, t := range slices.Backward(ticks(low, high)) {
		if t >= highest {
			tight[1] = math.Log10(t)
		}
		if t <= lowest {
			tight[0] = math.Log10(t)
			break
		}
	}
	if tight[1]-tight[0] < 1 { // a small difference must look like one
		return low, high
	}
	return tight[0], tight[1]
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
		fmt.Fprintf(p.canvas, `<circle cx="%.1f" cy="%.1f" r="2.5" fill="%s"/>`+"\n", x, y, colours[peer])
		fmt.Fprintf(&d, "%s%.1f %.1f", pen, x, y)
		pen = "L"
	}
	fmt.Fprintf(p.canvas, `<path d="%s" fill="none" stroke="%s" stroke-width="1.8"/>`+"\n", d.String(), colours[peer])
}

// barPlot shows the CPU time of a record, as one bar a peer: the median, with a
// line from the lowest to the highest round.
func (r *results) barPlot(s *scenario) string {
	const row, label = 24, 290
	var peers []string
	longest := 0.0
	for _, p := range s.Peers {
		if f := r.figure(s, p, cpu); f.ok() && p != "sdk-one" { // its bar would hide all others
			peers, longest = append(peers, p), max(longest, f.high)
		}
	}
	c := svg.New(plotWidth, 50+row*len(peers)+10, 12, "ns of CPU a record. "+s.Title)
	for i, p := range peers {
		f := r.figure(s, p, cpu)
		colour := "#999999"
		if strings.HasPrefix(p, "watchtower") {
			colour = "#0072b2"
		}
		scale := func(v float64) float64 { return v / longest * (plotWidth - label - 80) }
		y, width := float64(50+row*i), max(2, scale(f.median))
		c.Text(label-8, y+13, "end", "#000", 12, strings.ReplaceAll(titleOf(p), "*", ""))
		fmt.Fprintf(c, `<rect x="%d" y="%.0f" width="%.0f" height="16" fill="%s"/>`+"\n", label, y, width, colour)
		c.Line(label+scale(f.low), y+8, label+scale(f.high), y+8, `stroke="#222"`)
		c.Text(label+max(width, scale(f.high))+6, y+13, "start", "#444", 11, marked(f, whole(f.median)))
	}
	return c.Done()
}
