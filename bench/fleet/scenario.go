package main

// A scenario is what happens to a fleet. Times are seconds of the run.
type scenario struct {
	Name  string
	Title string

	Length     float64 // of the run
	Start      float64 // hosts start evenly spread over this long; zero: they run already
	Fresh      bool    // neither the group nor the streams exist
	From, To   float64 // of the event
	Factor     float64 // of the quotas in that time; zero: every request fails
	SkipBefore float64 // records made earlier are not measured
}

// quota is what the quotas are multiplied by; zero is an outage.
func (s *scenario) quota(now float64) float64 {
	if now >= s.From && now < s.To {
		return s.Factor
	}
	return 1
}

// The three scenarios that are plotted, and restart: a deploy without creations
// in which all hosts start together, the hardest case for writers whose
// intervals are alike.
var (
	deploy = scenario{
		Name: "deploy", Title: "A deploy: 10,000 hosts start within 30 s, each with a new stream",
		Length: 600, Start: 30, Fresh: true, To: 30, Factor: 1,
	}
	throttle = scenario{
		Name: "throttle", Title: "A regional throttle: a tenth of the quota for 10 minutes",
		Length: 1560, From: 60, To: 660, Factor: 0.1, SkipBefore: 60,
	}
	outage = scenario{
		Name: "outage", Title: "An outage: every request fails for 30 minutes",
		Length: 2700, From: 60, To: 1860, Factor: 0, SkipBefore: 60,
	}
	restart = scenario{
		Name: "restart", Title: "A restart: 10,000 hosts begin in the same second, their streams exist",
		Length: 120, Start: 1, To: 60, Factor: 1,
	}
)

// events are the scenarios of the plots.
var events = []*scenario{&deploy, &throttle, &outage}
