package cwlocal_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watchtower-go/watchtower/cwlocal"
)

const fieldNames = "kind, operation, group, times, probability, seed, delay, status, code, message, retryAfter, tooOld, expired, tooNew, bytes, text, skew"

func TestFaultErrorsNameTheFieldAndTheRemedy(t *testing.T) {
	l := newFaultLab(t)
	for body, want := range map[string]string{
		``:                                         `the body is not JSON: want a fault, such as {"kind": "throttle", "times": 3}, or a list of them`,
		`{"kind":`:                                 `the body is not JSON: want a fault, such as {"kind": "throttle", "times": 3}, or a list of them`,
		`"throttle"`:                               `a fault is an object, such as {"kind": "throttle", "times": 3}`,
		`null`:                                     `a fault is an object, such as {"kind": "throttle", "times": 3}`,
		`["throttle"]`:                             `fault 1: a fault is an object, such as {"kind": "throttle", "times": 3}`,
		`{}`:                                       `kind "": want one of throttle, fail, access-denied, expired-token, delay, reset, reset-early, reset-request, reset-answer, lose-answer, reject, max-event, poison, clock-skew`,
		`{"kind":"throtle"}`:                       `kind "throtle": want one of throttle, fail, access-denied, expired-token, delay, reset, reset-early, reset-request, reset-answer, lose-answer, reject, max-event, poison, clock-skew`,
		`{"kind":"throttle","tmies":1}`:            `"tmies": there is no such field; the fields are ` + fieldNames,
		`{"kind":"throttle","Times":1}`:            `"Times": there is no such field; the fields are ` + fieldNames,
		`{"kind":3}`:                               `kind 3: want a string`,
		`{"kind":"throttle","times":"3"}`:          `times "3": want a whole number`,
		`{"kind":"throttle","times":1.5}`:          `times 1.5: want a whole number`,
		`{"kind":"throttle","times":null}`:         `times null: want a whole number`,
		`{"kind":"throttle","times":0}`:            `times 0: want more than 0, or leave it out`,
		`{"kind":"throttle","times":-1}`:           `times -1: want a positive number, or none for all calls until the faults are cleared`,
		`{"kind":"throttle","probability":0}`:      `probability 0: want more than 0, or leave it out`,
		`{"kind":"throttle","probability":1.1}`:    `probability 1.1: want a number above 0 and up to 1, or none for every call`,
		`{"kind":"throttle","probability":"half"}`: `probability "half": want a number`,
		`{"kind":"throttle","seed":7}`:             `seed 7: want a probability beside it, or no seed`,
		`{"kind":"throttle","seed":-7,"probability":1}`:              `seed -7: want a whole number`,
		`{"kind":"throttle","operation":"PutLogEvent"}`:              `operation "PutLogEvent": want the name of an operation, such as PutLogEvents, or none for all`,
		`{"kind":"throttle","group":"a b"}`:                          `group "a b": want the name of a log group, not its ARN, or none for all`,
		`{"kind":"throttle","group":"arn:aws:logs:x:1:log-group:g"}`: `group "arn:aws:logs:x:1:log-group:g": want the name of a log group, not its ARN, or none for all`,
		`{"kind":"reset-early","group":"g"}`:                         `group "g": want none for kind "reset-early", which strikes before the group is known: leave it out, or take kind "reset"`,
		`{"kind":"throttle","retryAfter":2}`:                         `retryAfter 2: want a duration in a string, such as "1.5s"`,
		`{"kind":"throttle","retryAfter":"soon"}`:                    `retryAfter "soon": want a duration in a string, such as "1.5s"`,
		`{"kind":"throttle","retryAfter":"-1s"}`:                     `retryAfter -1s: want a duration up to 24h0m0s`,
		`{"kind":"throttle","status":503}`:                           `status 503: has no meaning for kind "throttle": leave it out`,
		`{"kind":"throttle","text":"x"}`:                             `text "x": has no meaning for kind "throttle": leave it out`,
		`{"kind":"fail","status":200}`:                               `status 200: want a status from 400 to 599, or none for 500`,
		`{"kind":"delay"}`:                                           `delay is missing: want how long to wait, such as 2s`,
		`{"kind":"delay","delay":"25h"}`:                             `delay 25h0m0s: want a duration up to 24h0m0s`,
		`{"kind":"reject"}`:                                          `tooOld, expired or tooNew is missing: want how many events to reject`,
		`{"kind":"reject","tooOld":-1}`:                              `tooOld -1: want a positive number of events`,
		`{"kind":"reject","tooNew":1,"operation":"GetLogEvents"}`:    `operation "GetLogEvents": want PutLogEvents or none for kind "reject"`,
		`{"kind":"max-event"}`:                                       `bytes is missing: want the largest event's size, such as 262144`,
		`{"kind":"max-event","bytes":-1}`:                            `bytes -1: want a positive number of bytes`,
		`{"kind":"poison"}`:                                          `text is missing: want what a refused event contains`,
		`{"kind":"clock-skew"}`:                                      `skew is missing: want how far the clock is put forward, or back, such as -20m`,
		`{"kind":"clock-skew","skew":"-90000h"}`:                     `skew -90000h0m0s: want a duration within ten years of now, such as -20m`,
		`{"kind":"clock-skew","skew":"-2562047h47m16.854775808s"}`:   `skew -2562047h47m16.854775808s: want a duration within ten years of now, such as -20m`,
		`{"kind":"fail","status":1,"times":-2}`:                      "times -2: want a positive number, or none for all calls until the faults are cleared\nstatus 1: want a status from 400 to 599, or none for 500",
		// A line for each field, also when one cannot even be read.
		`{"kind":"fail","status":"x","times":-2,"zzz":1,"aaa":2}`: "status \"x\": want a whole number\n" + noField("aaa") + "\n" + noField("zzz") +
			"\ntimes -2: want a positive number, or none for all calls until the faults are cleared",
		`{"kind":"reject","tooOld":"x"}`:                               `tooOld "x": want a whole number`,
		`{"kind":"throttle","seed":1,"probability":"x","delay":"25h"}`: "probability \"x\": want a number\ndelay 25h0m0s: want a duration up to 24h0m0s",
		`{"kind":1,"text":"x"}`:                                        `kind 1: want a string`,
		`[{"kind":"delay"},{"kind":"reset"},{"kind":"poison"}]`:        "fault 1: delay is missing: want how long to wait, such as 2s\nfault 3: text is missing: want what a refused event contains",
		`{"kind":"reset-early","operation":"GetCallerIdentity"}`:       `operation "GetCallerIdentity": want one of CloudWatch Logs, or none, for kind "reset-early": which one a request of STS is stands in its body. Take kind "reset"`,
	} {
		if status, got := l.faults("POST", body); status != 400 || got != want {
			t.Errorf("%s:\ngot  %d %s\nwant 400 %s", body, status, got, want)
		}
	}
	if left := l.Faults().List(); len(left) > 0 {
		t.Errorf("%v were added", left)
	}
}

func noField(name string) string {
	return `"` + name + `": there is no such field; the fields are kind, operation, group, times, probability, seed, delay, status, code, message, retryAfter, tooOld, expired, tooNew, bytes, text, skew`
}

// FuzzFaults holds the rules over HTTP to this: what is accepted is listed in a
// form that is accepted, and means the same; all else is an error of the
// client's.
func FuzzFaults(f *testing.F) {
	for _, seed := range []string{
		``, `[]`, `{"kind":"throttle"}`, `[{"kind":"fail","status":503,"code":"X","message":"<\u0000é\"","retryAfter":"1h2m3.5s"}]`,
		`{"kind":"reject","tooOld":1,"expired":2,"tooNew":3,"group":"g","times":9223372036854775807}`,
		`{"kind":"poison","text":"\ud800","operation":"PutLogEvents","probability":1e-300,"seed":18446744073709551615}`,
		`{"kind":"clock-skew","skew":"-1ns","delay":"1µs"}`, `{"kind":"throttle","times":1e2}`, `{"kind":null}`, `[null]`, `{"kind":"delay","kind":"reset","delay":"1s"}`,
	} {
		f.Add(seed)
	}
	l := newFaultLab(f)
	f.Fuzz(func(t *testing.T, body string) {
		l.Faults().Clear()
		status, first := l.faults("POST", body)
		if status == 400 || status == 409 {
			if first == "" || len(l.Faults().List()) > 0 {
				t.Fatalf("%q was refused with %q and left %v", body, first, l.Faults().List())
			}
			return
		}
		rules := l.Faults().List()
		l.Faults().Clear()
		again, second := l.faults("POST", first)
		if status != 201 || again != 201 || first != second {
			t.Fatalf("%q: %d %s, then %d %s", body, status, first, again, second)
		}
		if diff := cmp.Diff(rules, l.Faults().List()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestFaultsInGoAndJSONAreTheSame(t *testing.T) {
	fault := cwlocal.Fault{Kind: cwlocal.FaultReject, Group: "g", Times: 3, Probability: 0.25, Seed: 9, TooOld: 1, Expired: 2, TooNew: 3, Delay: 1500000}
	data, err := json.Marshal(&fault)
	if err != nil || string(data) != `{"kind":"reject","group":"g","times":3,"probability":0.25,"seed":9,"delay":"1.5ms","tooOld":1,"expired":2,"tooNew":3}` {
		t.Errorf("got %s, %v", data, err)
	}
	var back cwlocal.Fault
	if err := json.Unmarshal(data, &back); err != nil || back != fault {
		t.Errorf("got %+v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"kind":"throttle","times":-1}`), &back); err == nil || !strings.Contains(err.Error(), "times -1") || back != fault {
		t.Errorf("got %+v, %v", back, err)
	}
}
