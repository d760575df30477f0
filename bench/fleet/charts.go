package main

import (
	"fmt"
	"math"
)

// eventPlot shows one scenario: requests, delay and loss as time goes by.
func eventPlot(sc *scenario, results map[key]*measure) string {
	const height = marginTop + 3*(panelHeight+panelGap) - 8
	c := newCanvas(height, fmt.Sprintf("%s (%d records/s a host)", sc.Title, variantLoad))
	c.legend()
	step := max(1, int(sc.Length)/plotPoints)
	for i, kind := range []struct {
		title string
		value func(m *measure, from, to int) float64
	}{
		{fmt.Sprintf("requests a second, the highest of each %d s; dashed: the quota for puts", step), offeredMost},
		{"delay of the records that arrive, mean, in seconds", delayMean},
		{"records lost so far, in per cent of all that were made", lostSoFar},
	} {
		p := &panel{canvas: c, top: float64(marginTop + 14 + i*(panelHeight+panelGap)), seconds: sc.Length}
		for _, pol := range policies {
			m := results[key{sc, pol.Name, variantLoad}]
			for from := 0; from+step <= int(sc.Length); from += step {
				if v := kind.value(m, from, from+step); v > p.most {
					p.most = v
				}
			}
		}
		p.most = max(p.most*1.05, 1)
		p.axes(sc, kind.title)
		if i == 0 {
			p.quota(sc)
		}
		for _, pol := range policies {
			m := results[key{sc, pol.Name, variantLoad}]
			p.curve(colours[pol.Name], step, func(from, to int) float64 { return kind.value(m, from, to) })
		}
	}
	return c.Done()
}

// quota draws what the service takes.
func (p *panel) quota(sc *scenario) {
	for _, part := range [][2]float64{{0, sc.From}, {sc.From, sc.To}, {sc.To, sc.Length}} {
		x1, y := p.at(part[0], putQuota*sc.quota(part[0]))
		x2, _ := p.at(part[1], 0)
		p.canvas.Line(x1, y, x2, y, `stroke="#000" stroke-dasharray="5 4"`)
	}
}

func offeredMost(m *measure, from, to int) float64 { return m.peak(float64(from), float64(to)) }

// delayMean is not a number while nothing is delivered.
func delayMean(m *measure, from, to int) float64 {
	var delays, records float64
	for i := from; i < to; i++ {
		delays += m.seconds[i].delays
		records += m.seconds[i].delivered
	}
	if records == 0 {
		return math.NaN()
	}
	return delays / records
}

func lostSoFar(m *measure, _, to int) (sum float64) {
	for i := range to {
		sum += m.seconds[i].lost
	}
	return 100 * sum / (m.made * m.scale)
}

// lossPlot shows what is lost in each scenario at each load, as bars.
func lossPlot(results map[key]*measure) string {
	const height = marginTop + panelHeight + panelGap + 20
	c := newCanvas(height, "Records lost, in per cent of all that were made in the run")
	c.legend()
	p := &panel{canvas: c, top: marginTop, seconds: float64(len(events) * len(loads)), most: 100}
	for v := 0; v <= 100; v += 25 {
		x, y := p.at(0, float64(v))
		c.Line(x, y, x+panelWidth, y, `stroke="#ddd"`)
		c.Text(x-6, y+4, "end", "#444", 11, fmt.Sprintf("%d %%", v))
	}
	for i, sc := range events {
		for j, load := range loads {
			p.bars(float64(i*len(loads)+j), sc, load, results)
		}
		x, y := p.at((float64(i)+0.5)*float64(len(loads)), 0)
		c.Text(x, y+36, "middle", "#000", 13, sc.Name)
	}
	return c.Done()
}

// bars draws the policies beside each other.
func (p *panel) bars(x float64, sc *scenario, load float64, results map[key]*measure) {
	const width = 0.21
	for i, pol := range policies {
		v := 100 * results[key{sc, pol.Name, load}].loss()
		left, top := p.at(x+0.08+width*float64(i), v)
		right, bottom := p.at(x+0.08+width*float64(i+1), 0)
		fmt.Fprintf(p.canvas, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n", left, top, right-left-1, max(1, bottom-top), colours[pol.Name])
	}
	at, bottom := p.at(x+0.5, 0)
	p.canvas.Text(at, bottom+17, "middle", "#444", 11, fmt.Sprintf("%v records/s", load))
}
