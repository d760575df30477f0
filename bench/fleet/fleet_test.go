package main

import (
	"math"
	"testing"
)

// reduced is a fleet that is simulated in a moment; quotas and counts are
// scaled, so that the figures are those of 10,000 hosts.
const reduced = 200

func simulate(sc *scenario, p policy) *measure { return run(sc, p, reduced, variantLoad, 1) }

// after is the highest second once the scenario's event is over.
func after(m *measure) float64 { return m.peak(m.scenario.To, m.scenario.Length) }

func offered(m *measure) float64 {
	return m.mean(m.scenario.From, m.scenario.To, (*second).offered)
}

func TestOutageEndsWithoutASecondPeak(t *testing.T) {
	// The highest second of a small fleet is mostly chance, so ours is larger.
	ours, naive := run(&outage, ours, 5*reduced, variantLoad, 1), simulate(&outage, naive)
	if peak := after(ours); peak > putQuota {
		t.Errorf("ours: %.0f requests in a second after the outage, above the quota", peak)
	}
	if peak := after(naive); peak < 2*putQuota {
		t.Errorf("naive: %.0f requests in a second after the outage: the claim that it needs more than twice the quota is out of date", peak)
	}
	if r := ours.recovered(); r > 75 {
		t.Errorf("ours: recovered after %.0f s, more than the longest back-off and a flush", r)
	}
	if ours.lost > 0 {
		t.Errorf("ours: %.0f records lost, though the queue holds half an hour of them", ours.lost)
	}
}

func TestOutageIsNotHammered(t *testing.T) {
	ours, naive := offered(simulate(&outage, ours)), offered(simulate(&outage, naive))
	if ours*20 > naive {
		t.Errorf("%.0f requests a second in the outage, naive %.0f: want a twentieth at most", ours, naive)
	}
}

func TestTryingSoonerBecauseOfLossesIsNotWorthIt(t *testing.T) {
	sooner := func(p *policy) { p.Burst, p.Every = 8, 5 }
	chosen := run(&outage, ours, 5*reduced, lossyLoad, 1)
	hasty := run(&outage, ours.but("sooner", sooner), 5*reduced, lossyLoad, 1)
	if peak := after(chosen); peak > putQuota {
		t.Errorf("as chosen: %.0f requests in a second after the outage, above the quota", peak)
	}
	if peak := after(hasty); peak < 1.5*putQuota {
		t.Errorf("sooner: %.0f requests in a second after the outage: the claim that it needs far more than the quota is out of date", peak)
	}
	if saved := chosen.loss() - hasty.loss(); saved < 0 || saved > 0.01 {
		t.Errorf("sooner: %.1f %% of the records fewer are lost", 100*saved)
	}
}

func TestThrottleIsAnsweredWithFewerFullerPuts(t *testing.T) {
	ours, naive := simulate(&throttle, ours), simulate(&throttle, naive)
	quota := putQuota * throttle.Factor
	if got := offered(ours); got > 2.2*quota {
		t.Errorf("ours: %.0f requests a second at a quota of %.0f", got, quota)
	}
	if got := offered(naive); got < 15*quota {
		t.Errorf("naive: only %.0f requests a second at a quota of %.0f", got, quota)
	}
	if o, n := ours.delay(0.99), naive.delay(0.99); o > n {
		t.Errorf("p99 of the delay is %.0f s, naive %.0f s", o, n)
	}
}

func TestSealingLateIsWhatRecovers(t *testing.T) {
	early := simulate(&outage, ours.but("early", func(p *policy) { p.Late = false }))
	if r := early.recovered(); r < 600 {
		t.Errorf("batches sealed by age in the outage: recovered after %.0f s, which was thought to need over ten minutes", r)
	}
}

func TestDeployIsBoundByCreationsOnly(t *testing.T) {
	ours, naive := simulate(&deploy, ours), simulate(&deploy, naive)
	if o, n := after(ours), after(naive); o*2 > n {
		t.Errorf("highest second %.0f, naive %.0f: want half at most", o, n)
	}
	// All streams cannot be there earlier than their quota allows.
	if least, got := fleetHosts/streamQuota-deploy.To, ours.recovered(); got > 1.5*least {
		t.Errorf("recovered after %.0f s, the least possible is %.0f s", got, least)
	}
}

func TestTogetherStartedIsNotTogetherSent(t *testing.T) {
	m := simulate(&restart, ours)
	if peak := m.peak(0, restart.Length); peak > putQuota {
		t.Errorf("%.0f requests in a second after all hosts started in one", peak)
	}
}

func TestHastyLosesWhatOthersDeliver(t *testing.T) {
	for _, sc := range events {
		if loss := simulate(sc, hasty).loss(); loss < 0.1 {
			t.Errorf("%s: hasty loses %.1f %%", sc.Name, 100*loss)
		}
		if loss := simulate(sc, ours).loss(); loss > 0 {
			t.Errorf("%s: ours loses %.1f %%", sc.Name, 100*loss)
		}
	}
}

func TestEveryRecordIsAccountedFor(t *testing.T) {
	for _, sc := range events {
		for _, p := range policies {
			m := run(sc, p, reduced, 500, 2)
			delivered := 0.0
			for i := range m.seconds {
				delivered += m.seconds[i].delivered / m.scale
			}
			if diff := m.made - delivered - m.lost - m.left; math.Abs(diff) > m.made*1e-6 {
				t.Errorf("%s, %s: made %.0f, delivered %.0f, lost %.0f, left %.0f: off by %.1f", sc.Name, p.Name, m.made, delivered, m.lost, m.left, diff)
			}
		}
	}
}

func TestSameSeedSameRun(t *testing.T) {
	a, b := simulate(&throttle, ours), simulate(&throttle, ours)
	if row(a) != row(b) || a.delays != b.delays {
		t.Errorf("two runs differ:\n%s%s", row(a), row(b))
	}
}

func TestAgendaIsInOrder(t *testing.T) {
	var a agenda
	for i := range 1000 {
		a.add(event{at: float64(i * 7919 % 1000), host: int32(i)})
	}
	for want := range 1000 {
		if e := a.next(); e.at != float64(want) {
			t.Fatalf("event %v came when %d was due", e.at, want)
		}
	}
}
