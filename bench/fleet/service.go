package main

// The quotas of one account in one region, in requests a second.
const (
	putQuota    = 5000.0 // PutLogEvents
	streamQuota = 50.0   // CreateLogStream
	groupQuota  = 10.0   // CreateLogGroup
)

// fleetHosts is the fleet that the quotas are meant for. A smaller one is
// simulated with quotas that are smaller in proportion.
const fleetHosts = 10_000

// An op is an API operation.
type op uint8

const (
	putEvents op = iota
	createStream
	createGroup
	ops
)

// A verdict is the service's answer to a request.
type verdict uint8

const (
	accepted verdict = iota
	throttled
	failed  // 5xx
	missing // the stream or the group is not there
	verdicts
)

// A bucket is a quota: tokens come at a rate, and a few are kept.
type bucket struct {
	rate   float64
	tokens float64
	at     float64
}

// take takes a token out. Factor scales the rate at this moment.
func (b *bucket) take(now, factor float64) bool {
	rate := b.rate * factor
	b.tokens = min(max(rate*burst, leastBurst), b.tokens+rate*(now-b.at))
	b.at = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// burst is how many seconds' worth of a quota may be used at once. The service
// doesn't publish it; a small one is the harder case.
// Small quotas keep leastBurst tokens, or a reduced fleet would find less of
// them than a whole one.
const (
	burst      = 0.2
	leastBurst = 5
)

// A service has the quotas and what exists.
type service struct {
	scenario *scenario
	buckets  [ops]bucket
	group    bool
	streams  []bool // per host
}

func newService(sc *scenario, hosts int) *service {
	scale := float64(hosts) / fleetHosts
	s := &service{scenario: sc, group: !sc.Fresh, streams: make([]bool, hosts)}
	for o, quota := range [ops]float64{putQuota, streamQuota, groupQuota} {
		s.buckets[o] = bucket{rate: quota * scale, tokens: 1}
	}
	for i := range s.streams {
		s.streams[i] = !sc.Fresh
	}
	return s
}

// ask decides one request of a host.
func (s *service) ask(now float64, o op, host int32) verdict {
	factor := s.scenario.quota(now)
	if factor == 0 {
		return failed
	}
	if !s.buckets[o].take(now, factor) {
		return throttled
	}
	switch o {
	case putEvents:
		if !s.streams[host] {
			return missing
		}
	case createStream:
		if !s.group {
			return missing
		}
		s.streams[host] = true
	case createGroup:
		s.group = true // or was there already, which is as good
	}
	return accepted
}
