package main

import "math"

// late is the delay of a record, in seconds, from which on it counts as late:
// twice the interval that every policy here begins with.
const late = 10

// A second is what was measured in one second of a run.
type second struct {
	requests  [ops][verdicts]float64
	delivered float64 // records
	slow      float64 // of these, late ones
	delays    float64 // their sum
	worst     float64 // longest delay
	lost      float64 // records
}

// offered is the number of requests.
func (s *second) offered() (n float64) {
	for _, byVerdict := range s.requests {
		for _, k := range byVerdict {
			n += k
		}
	}
	return n
}

// A measure is what is known of a run. Counts of a reduced fleet are scaled up
// to a whole one by scale.
type measure struct {
	scenario *scenario
	scale    float64
	seconds  []second
	delays   [delayBuckets]float64 // records per delay

	made, lost, left float64
}

// Delays are counted in buckets that are 4 % wide, from 10 ms up.
const (
	delayBuckets = 400
	delayLeast   = 0.01
	delayStep    = 1.04
)

func newMeasure(sc *scenario, hosts int) *measure {
	return &measure{scenario: sc, scale: fleetHosts / float64(hosts), seconds: make([]second, int(sc.Length)+1)}
}

func (m *measure) request(now float64, o op, v verdict) {
	m.seconds[int(now)].requests[o][v] += m.scale
}

// deliver counts the records of a batch, by eight parts that have their delay
// in common.
func (m *measure) deliver(now float64, s segment) {
	const parts = 8
	sec := &m.seconds[int(now)]
	n := s.n / parts
	for i := range parts {
		born := s.from + (s.to-s.from)*(float64(i)+0.5)/parts
		delay := now - born
		sec.delivered += n * m.scale
		sec.delays += n * m.scale * delay
		sec.worst = max(sec.worst, delay)
		if delay > late {
			sec.slow += n * m.scale
		}
		if born >= m.scenario.SkipBefore {
			b := math.Log(max(1, delay/delayLeast)) / math.Log(delayStep)
			m.delays[min(int(b), delayBuckets-1)] += n
		}
	}
}

// drop counts records of a batch that is given up; overflow those that found
// the queue full.
func (m *measure) drop(now, n float64) {
	m.lost += n
	m.overflow(now, n)
}

func (m *measure) overflow(now, n float64) { m.seconds[int(now)].lost += n * m.scale }

// delay returns the delay that a part of the records stay below.
func (m *measure) delay(part float64) float64 {
	var all, sum float64
	for _, n := range m.delays {
		all += n
	}
	for i, n := range m.delays {
		if sum += n; sum >= part*all {
			return delayLeast * math.Pow(delayStep, float64(i)+0.5)
		}
	}
	return math.Inf(1)
}

// loss is the part of the records that was lost.
func (m *measure) loss() float64 { return m.lost / m.made }

// peak returns the most requests in one second of a time.
func (m *measure) peak(from, to float64) (most float64) {
	for i := int(from); i < min(int(to), len(m.seconds)); i++ {
		most = max(most, m.seconds[i].offered())
	}
	return most
}

// mean returns the average number of requests a second that count selects.
func (m *measure) mean(from, to float64, count func(*second) float64) float64 {
	sum := 0.0
	for i := int(from); i < int(to); i++ {
		sum += count(&m.seconds[i])
	}
	return sum / (to - from)
}

// refused is the number of puts and creations that were throttled or failed.
func (s *second) refused() (n float64) {
	for _, byVerdict := range s.requests {
		n += byVerdict[throttled] + byVerdict[failed]
	}
	return n
}

// recovered returns how long after the event it took until fewer than one in a
// hundred of the records that arrive are late, for good. It is infinite if the
// run ends earlier.
func (m *measure) recovered() float64 {
	last := len(m.seconds) - 2 // the very last second is cut short
	for i := last; i >= int(m.scenario.To); i-- {
		if s := &m.seconds[i]; s.slow > s.delivered/100 {
			if i == last {
				return math.Inf(1)
			}
			return float64(i+1) - m.scenario.To
		}
	}
	return 0
}
