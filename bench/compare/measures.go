package main

import (
	"math"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

// A measurer takes one number from a run; ok is false if it has none.
type measurer func(l *drive.Load, o *outcome) (v float64, ok bool)

// What is measured.
var (
	perCall measurer = func(l *drive.Load, o *outcome) (float64, bool) {
		return o.CallSeconds * 1e9 / float64(l.Records), l.Rate == 0
	}
	// cpu is per record: delivered, or written to nowhere.
	cpu measurer = func(l *drive.Load, o *outcome) (float64, bool) {
		n := o.arrived()
		if n == 0 && o.Sink.Requests == 0 {
			n = int64(l.Records)
		}
		return o.CPUSeconds * 1e9 / float64(max(1, n)), n > 0
	}
	delivered measurer = func(_ *drive.Load, o *outcome) (float64, bool) {
		return float64(o.Sink.Events) / (o.CallSeconds + o.CloseSeconds), o.Sink.Requests > 0
	}
	mallocs measurer = func(l *drive.Load, o *outcome) (float64, bool) {
		return float64(o.Mallocs) / float64(l.Records), o.Mallocs > 0
	}
	allocBytes measurer = func(l *drive.Load, o *outcome) (float64, bool) {
		return float64(o.AllocBytes) / float64(l.Records), o.Mallocs > 0
	}
	peak measurer = func(_ *drive.Load, o *outcome) (float64, bool) { return float64(o.PeakRSS) / (1 << 20), o.PeakRSS > 0 }
	// anonymous is without the program's code, whose pages the system shares and
	// takes back as it likes.
	anonymous measurer = func(_ *drive.Load, o *outcome) (float64, bool) {
		return float64(o.Anonymous) / (1 << 20), o.Anonymous > 0
	}
	held measurer = func(l *drive.Load, o *outcome) (float64, bool) { return float64(o.HeapBytes) / (1 << 20), l.Idle }
	p50  measurer = func(_ *drive.Load, o *outcome) (float64, bool) { return o.P50, o.Max > 0 }
	p999 measurer = func(_ *drive.Load, o *outcome) (float64, bool) { return o.P999, o.Max > 0 }
	lost measurer = func(l *drive.Load, o *outcome) (float64, bool) {
		return float64(int64(l.Records) - o.arrived()), o.Sink.Requests > 0
	}
	closing     measurer = func(_ *drive.Load, o *outcome) (float64, bool) { return o.CloseSeconds, o.Sink.Requests > 0 }
	connections measurer = func(_ *drive.Load, o *outcome) (float64, bool) {
		return float64(o.Sink.Connections), o.Sink.Requests > 0
	}
	requests measurer = func(_ *drive.Load, o *outcome) (float64, bool) { return float64(o.Sink.Requests), o.Sink.Requests > 0 }
	longest  measurer = func(_ *drive.Load, o *outcome) (float64, bool) { return o.Max / 1e6, o.Max > 0 } // of a call, in ms
	told     measurer = func(_ *drive.Load, o *outcome) (float64, bool) { return float64(o.Dropped), o.Accepted > 0 }
	cpuAll   measurer = func(_ *drive.Load, o *outcome) (float64, bool) { return o.CPUSeconds * 1000, true }
	// unequal is what is lost when none is; more than all were an error too.
	unequal measurer = func(l *drive.Load, o *outcome) (float64, bool) {
		n, ok := lost(l, o)
		return math.Abs(n), ok
	}
	// wrong is by how many records the handler's own count, the calls and the
	// sink's count differ.
	wrong measurer = func(l *drive.Load, o *outcome) (float64, bool) {
		off := max(o.Accepted, int64(l.Records)) - min(o.Accepted, int64(l.Records))
		off += max(o.Delivered, o.arrived()) - min(o.Delivered, o.arrived())
		sum := o.Delivered + o.Dropped
		return float64(off + max(o.Accepted, sum) - min(o.Accepted, sum)), o.Accepted > 0
	}
)
