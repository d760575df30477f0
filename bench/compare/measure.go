package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A choice is what is measured of all that could be.
type choice struct {
	rounds int
	parts  []string // names of scenarios and extras
	peer   func(name string) bool
	args   []string // as they were given
}

// An extra is measured in another way than by scenarios.
type extra struct {
	name    string
	measure func(*results, context.Context, *choice) error
}

// wants says whether a scenario is run, for any of its peers.
func (c *choice) wants(s *scenario) bool {
	return slices.Contains(c.parts, s.Name) && slices.ContainsFunc(s.Peers, c.peer)
}

// choose reads the regular expressions; each must match something.
func choose(rounds int, only, peer string) (*choice, error) {
	if rounds < 1 {
		return nil, fmt.Errorf("-rounds %d: at least 1", rounds)
	}
	parts, err := matching("-only", only, partNames())
	if err != nil {
		return nil, err
	}
	known := slices.Sorted(maps.Keys(peers))
	known = append(known, slices.Sorted(maps.Keys(foreigners))...)
	chosen, err := matching("-peer", peer, known)
	if err != nil {
		return nil, err
	}
	c := &choice{rounds: rounds, parts: parts, peer: func(name string) bool { return slices.Contains(chosen, name) }}
	c.args = []string{"-rounds", strconv.Itoa(rounds)}
	if only != "" {
		c.args = append(c.args, "-only", only)
	}
	if peer != "" {
		c.args = append(c.args, "-peer", peer)
	}
	if !slices.ContainsFunc(extras, func(e extra) bool { return slices.Contains(parts, e.name) }) &&
		!slices.ContainsFunc(scenarios, c.wants) {
		return nil, fmt.Errorf("none of %s has any of %s", strings.Join(parts, ", "), strings.Join(chosen, ", "))
	}
	return c, nil
}

var extras = []extra{{"calls", measureCalls}, {"steps", measureSteps}}

func partNames() (names []string) {
	for _, s := range scenarios {
		names = append(names, s.Name)
	}
	for _, e := range extras {
		names = append(names, e.name)
	}
	return names
}

// matching returns the names that begin with what the expression of a flag says.
func matching(flag, expression string, names []string) ([]string, error) {
	re, err := regexp.Compile("^(" + expression + ")")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	chosen := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !re.MatchString(name) })
	if len(chosen) == 0 {
		return nil, fmt.Errorf("%s %q matches none of %s", flag, expression, strings.Join(names, ", "))
	}
	return chosen, nil
}

// measure runs what was chosen, in order, and writes what there is after each
// part.
func (r *results) measure(ctx context.Context, c *choice, out string) error {
	missing := equip(c.peer, r.Versions)
	for _, peer := range slices.Sorted(maps.Keys(missing)) {
		fmt.Fprintln(os.Stderr, "not measured:", missing[peer])
	}
	written := false
	done := func(part string) error {
		r.Origins[part] = r.thisOrigin(c)
		if out == "" {
			return nil
		}
		written = true
		return r.write(out)
	}
	for _, s := range scenarios {
		if !c.wants(s) {
			continue
		}
		runs, err := measure(ctx, s, c, missing)
		if err != nil {
			return interruption(s.Name, written)
		}
		r.keep(s.Name, runs, missing)
		r.Runs[s.Name] = runs
		if err := done(s.Name); err != nil {
			return err
		}
	}
	for _, e := range extras {
		if !slices.Contains(c.parts, e.name) {
			continue
		}
		if err := e.measure(r, ctx, c); ctx.Err() != nil {
			return interruption(e.name, written)
		} else if err != nil {
			return err
		}
		if err := done(e.name); err != nil {
			return err
		}
	}
	return nil
}

// interruption says what became of what was measured before.
func interruption(part string, written bool) error {
	if written {
		return fmt.Errorf("interrupted; what was measured before %s is written", part)
	}
	return fmt.Errorf("interrupted in %s; nothing is written", part)
}

// keep puts what was measured earlier of a peer that is missing now in its place.
func (r *results) keep(part string, runs map[string][]*outcome, missing map[string]error) {
	for p := range missing {
		before := r.Runs[part][p]
		if n, _ := failed(before); runs[p] == nil || n == len(before) {
			continue
		}
		runs[p] = before
		how := strings.Trim(r.originText(r.Origins[part]), " .")
		for _, o := range before {
			o.Earlier = cmp.Or(o.Earlier, strings.ToLower(how[:1])+how[1:])
		}
	}
}

// measure runs a scenario's peers in turn, every other round backwards: who runs
// behind whom must not matter.
func measure(ctx context.Context, s *scenario, c *choice, missing map[string]error) (map[string][]*outcome, error) {
	byPeer, rounds := map[string][]*outcome{}, c.rounds
	if s.Rounds > 0 {
		rounds = min(rounds, s.Rounds)
	}
	for round := range rounds {
		order := slices.DeleteFunc(slices.Clone(s.Peers), func(p string) bool { return !c.peer(p) })
		if round%2 == 1 {
			slices.Reverse(order)
		}
		for _, p := range order {
			if err := missing[p]; err != nil {
				byPeer[p] = append(byPeer[p], &outcome{Error: err.Error()})
				continue
			}
			o := compare(ctx, s, p)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			byPeer[p] = append(byPeer[p], o)
			fmt.Fprintf(os.Stderr, "%s %d/%d %s: %s\n", s.Name, round+1, rounds, p, o.summary(s.loadOf(p)))
		}
	}
	return byPeer, nil
}
