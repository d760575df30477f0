package main

// A variant is the chosen policy with one thing changed.
type variant struct {
	what   string
	change func(*policy)
}

// asChosen is no change.
const asChosen = "as chosen"

// lossy shows what it is worth that hosts try sooner because they drop records, at
// a rate at which an outage makes them do so.
var lossy = []variant{
	{asChosen, func(*policy) {}},
	{"who drops records tries 8 times at once, then each 5 s", func(p *policy) { p.Burst, p.Every = 8, 5 }},
	{"who drops records tries each 20 s", func(p *policy) { p.Burst, p.Every = 1, 20 }},
}

const lossyLoad = 500

// variants show what each rule and each constant is worth.
var variants = []variant{
	{asChosen, func(*policy) {}},
	{"batches are sealed by age though they can't leave", func(p *policy) { p.Late = false }},
	{"no longer interval when throttled", func(p *policy) { p.Stretch = 0 }},
	{"interval: up ×1.5", func(p *policy) { p.Stretch = 1.5 }},
	{"interval: down ×0.5", func(p *policy) { p.Shrink = 0.5 }},
	{"interval: down ×0.9", func(p *policy) { p.Shrink = 0.9 }},
	{"interval: the same wait for all", func(p *policy) { p.Loose = 0 }},
	{"interval: at most 30 s", func(p *policy) { p.StretchMost = 30 }},
	{"interval: at most 120 s", func(p *policy) { p.StretchMost = 120 }},
	{"back-off from 200 ms", func(p *policy) { p.First = 0.2 }},
	{"back-off from 2 s", func(p *policy) { p.First = 2 }},
	{"back-off to 30 s", func(p *policy) { p.Most = 30 }},
	{"back-off to 120 s", func(p *policy) { p.Most = 120 }},
	{"throttled: back-off to 60 s", func(p *policy) { p.ThrottleMost = 60 }},
	{"throttled: back-off to 10 s", func(p *policy) { p.ThrottleMost = 10 }},
	{"no jitter", func(p *policy) { p.Jitter = none }},
	{"equal jitter", func(p *policy) { p.Jitter = equal }},
	{"decorrelated jitter", func(p *policy) { p.Jitter = decorrelated }},
	{"creations tried 5 times at once", func(p *policy) { p.CreateTries = 5 }},
	{"the first batch waits the whole interval", func(p *policy) { p.Phase = false }},
	{"the same, and every interval 0–20 % shorter", func(p *policy) { p.Phase, p.Spread = false, 0.2 }},
	{"one request in flight", func(p *policy) { p.Window = 1 }},
	{"always four requests in flight", func(p *policy) { p.Feel = false }},
	{"FlushInterval 1 s", func(p *policy) { p.Interval = 1 }},
	{"FlushInterval 2 s", func(p *policy) { p.Interval = 2 }},
	{"FlushInterval 10 s", func(p *policy) { p.Interval = 10 }},
}
