package meta

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// somewhere is a place with that environment and those files, in pairs.
func somewhere(env map[string]string, files map[string]string) *Place {
	return &Place{
		Env: func(name string) (string, bool) { value, ok := env[name]; return value, ok },
		Read: func(path string) ([]byte, error) {
			if text, ok := files[path]; ok {
				return []byte(text), nil
			}
			return nil, fs.ErrNotExist
		},
		HTTP: newTransport(),
	}
}

// example is an answer as it is documented.
func example(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEnvironmentAndFilesTellFixedFacts(t *testing.T) {
	for _, c := range []struct {
		fact       string
		env, files map[string]string
		want       string
	}{
		{Pod, map[string]string{"POD_NAME": "shop-5d9c-x2x7k", "HOSTNAME": "ip-10-0-0-1"}, nil, "shop-5d9c-x2x7k"},
		{Pod, map[string]string{"KUBERNETES_SERVICE_HOST": "10.100.0.1", "HOSTNAME": "shop-5d9c-x2x7k"}, nil, "shop-5d9c-x2x7k"},
		{Pod, map[string]string{"HOSTNAME": "laptop"}, nil, ""},
		{Namespace, map[string]string{"POD_NAMESPACE": "prod"}, map[string]string{namespaceFile: "other"}, "prod"},
		{Namespace, nil, map[string]string{namespaceFile: "prod\n"}, "prod"},
		{Namespace, nil, map[string]string{namespaceFile: ""}, ""},
		{Namespace, nil, nil, ""},
		{Function, map[string]string{"AWS_LAMBDA_FUNCTION_NAME": "resize"}, nil, "resize"},
		{Function, nil, nil, ""},
	} {
		got, err := somewhere(c.env, c.files).Fixed(c.fact)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s with %v: %q, %v", c.fact, c.env, got, err)
		}
	}
}

// wait waits for the facts, within what they may take.
func wait(t *testing.T, f *Facts) {
	t.Helper()
	select {
	case <-f.Ready():
	case <-time.After(time.Minute):
		t.Fatal("the facts are never ready")
	}
}

func TestTaskMetadataNamesTaskAndCluster(t *testing.T) {
	for file, want := range map[string]string{
		"task-fargate.json": "default e9028f8d5d8e4f258373e7b93ce9a3c3",
		"task-ec2.json":     "default 158d1c8083dd49d6b527399fd6414f5c",
	} {
		var paths []string
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			paths = append(paths, r.Method+" "+r.URL.Path)
			w.Write(example(t, file))
		}))
		p := somewhere(map[string]string{taskVariable: s.URL + "/v4/0123"}, nil)
		task, cluster := p.Ask(TaskID), p.Ask(Cluster)
		wait(t, task)
		if task != cluster {
			t.Error("one service is asked twice")
		}
		s.Close()
		if got := cluster.Value(Cluster) + " " + task.Value(TaskID); got != want || task.Err() != nil {
			t.Errorf("%s: %q, %v", file, got, task.Err())
		}
		if diff := cmp.Diff([]string{"GET /v4/0123/task"}, paths); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
	}
}

func TestInstanceIsAskedWithToken(t *testing.T) {
	const token = "AQAEAFzV-token"
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPut && r.URL.Path == "/latest/api/token" && r.Header.Get("X-aws-ec2-metadata-token-ttl-seconds") != "":
			io.WriteString(w, token)
		case r.Method == http.MethodGet && r.URL.Path == "/latest/dynamic/instance-identity/document" && r.Header.Get("X-aws-ec2-metadata-token") == token:
			w.Write(example(t, "instance.json"))
		default:
			http.Error(w, "", http.StatusUnauthorized)
		}
	}))
	defer s.Close()
	f := somewhere(map[string]string{instanceEndpoint: s.URL + "/"}, nil).Ask(InstanceID)
	wait(t, f)
	if got := f.Value(InstanceID); got != "i-1234567890abcdef0" || f.Err() != nil {
		t.Errorf("%q, %v", got, f.Err())
	}
}

func TestServicesThatFailAreToldWithRemedy(t *testing.T) {
	answer := func(h http.HandlerFunc) func(t *testing.T) string {
		return func(t *testing.T) string {
			s := httptest.NewServer(h)
			t.Cleanup(s.Close)
			return s.URL
		}
	}
	gone := func(t *testing.T) string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		return "http://" + l.Addr().String()
	}
	for name, c := range map[string]struct {
		address func(t *testing.T) string
		want    string
	}{
		"refused":   {gone, "refused"},
		"not found": {answer(http.NotFound), "404 Not Found"},
		"garbage":   {answer(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") }), "no JSON"},
		"another":   {answer(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") }), "names no TaskARN"},
		"redirect":  {answer(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }), "302 Found"},
		"huge": {answer(func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, strings.Repeat(" ", maxAnswer+2))
		}), "more than"},
	} {
		t.Run(name, func(t *testing.T) {
			f := somewhere(map[string]string{taskVariable: c.address(t)}, nil).Ask(TaskID)
			wait(t, f)
			if err := f.Err(); err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasSuffix(err.Error(), "reaches the task metadata endpoint") {
				t.Errorf("%v", err)
			}
			if f.Value(TaskID) != "" {
				t.Errorf("a value: %q", f.Value(TaskID))
			}
		})
	}
}

func TestServicesThatCannotBeAskedAreKnownAtOnce(t *testing.T) {
	for _, c := range []struct {
		fact, variable, value, want string
	}{
		{TaskID, "", "", "is not set: this is no task of ECS"},
		{Cluster, taskVariable, "169.254.170.2", "is not an http URL"},
		{InstanceID, instanceDisabled, "TRUE", "unset it"},
		{InstanceID, instanceEndpoint, "://", "is not an http URL"},
	} {
		f := somewhere(map[string]string{c.variable: c.value}, nil).Ask(c.fact)
		select {
		case <-f.Ready():
		default:
			t.Errorf("%s with %s=%s is asked", c.fact, c.variable, c.value)
			continue
		}
		if f.Err() == nil || !strings.Contains(f.Err().Error(), c.want) {
			t.Errorf("%s with %s=%s: %v", c.fact, c.variable, c.value, f.Err())
		}
	}
}

// A tripper answers requests without a network.
type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestInstanceAddressFollowsModeOfTheSDK(t *testing.T) {
	for mode, want := range map[string]string{"": "169.254.169.254", "IPv6": "[fd00:ec2::254]"} {
		if s := somewhere(map[string]string{instanceMode: mode}, nil).instance(); s.address != "http://"+want || s.err != nil {
			t.Errorf("mode %q: %s, %v", mode, s.address, s.err)
		}
	}
}

func TestServiceThatHangsHasTwoSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, n := somewhere(nil, nil), 0
		p.HTTP = tripper(func(r *http.Request) (*http.Response, error) {
			n++
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		begin := time.Now()
		f := p.Ask(InstanceID)
		if f.Err() != nil || f.Value(InstanceID) != "" {
			t.Error("there is an answer before Ready")
		}
		<-f.Ready()
		if took := time.Since(begin); took != budget || n != attempts {
			t.Errorf("%d attempts took %v", n, took)
		}
		if !errors.Is(f.Err(), context.DeadlineExceeded) || !strings.Contains(f.Err().Error(), "hop limit") {
			t.Errorf("told: %v", f.Err())
		}
	})
}

func TestServiceThatComesUpLateIsHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, n := somewhere(map[string]string{taskVariable: "http://169.254.170.2/v4/x"}, nil), 0
		p.HTTP = tripper(func(r *http.Request) (*http.Response, error) {
			if n++; n < attempts {
				return nil, errors.New("connection refused")
			}
			w := httptest.NewRecorder()
			w.Write(example(t, "task-fargate.json"))
			return w.Result(), nil
		})
		f := p.Ask(TaskID)
		<-f.Ready()
		if f.Err() != nil || f.Value(TaskID) == "" {
			t.Errorf("%q, %v", f.Value(TaskID), f.Err())
		}
	})
}

func TestServiceIsAskedNoLongerThanSomebodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, n := somewhere(map[string]string{taskVariable: "http://169.254.170.2/v4/x"}, nil), 0
		p.HTTP = tripper(func(r *http.Request) (*http.Response, error) {
			n++
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		begin := time.Now()
		first, second := p.Ask(TaskID), p.Ask(Cluster)
		p.Leave(first)
		synctest.Wait()
		if first.Err() != nil {
			t.Error("given up while somebody waits")
		}
		p.Leave(second)
		<-first.Ready()
		if took := time.Since(begin); took != 0 || n != 1 {
			t.Errorf("%d attempts took %v", n, took)
		}
		if again := p.Ask(TaskID); again == first {
			t.Error("what was given up is not asked again")
		} else {
			p.Leave(again)
			p.Leave(again) // no matter
		}
	})
}

func TestManyAskOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, n := somewhere(map[string]string{taskVariable: "http://169.254.170.2/v4/x"}, nil), 0
		p.HTTP = tripper(func(*http.Request) (*http.Response, error) {
			n++
			w := httptest.NewRecorder()
			w.Write(example(t, "task-ec2.json"))
			return w.Result(), nil
		})
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				f := p.Ask(Cluster)
				<-f.Ready()
				if f.Value(Cluster) != "default" {
					t.Errorf("cluster %q", f.Value(Cluster))
				}
			})
		}
		all.Wait()
		if n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}
