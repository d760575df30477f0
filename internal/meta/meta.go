// Package meta finds out where the process runs: in a task of ECS, on an
// instance of EC2, in a pod of Kubernetes, in a function of Lambda.
//
// What the environment and files tell is known at once (Fixed). What a service
// of the machine has to be asked for comes later (Ask): it is asked once in a
// process, in the background, and has two seconds in whole.
package meta

import (
	"errors"
	"net/http"
	"os"
	"strings"
	"sync"
)

// Facts that a name of a log stream can have.
const (
	TaskID     = "ecs.task_id"
	Cluster    = "ecs.cluster"
	InstanceID = "ec2.instance_id"
	Pod        = "k8s.pod"
	Namespace  = "k8s.namespace"
	Function   = "lambda.function"
)

// Unknown is what stands in a name for a fact that could not be found out.
const Unknown = "unknown"

// A Place is where a process runs. Its methods are safe for concurrent use.
type Place struct {
	// Env looks up an environment variable, and Read reads a file.
	Env  func(string) (string, bool)
	Read func(path string) ([]byte, error)
	// HTTP makes the requests to services.
	HTTP http.RoundTripper

	mu sync.Mutex
	// asked has what each service was asked for, by its address. In a process
	// that is one entry each.
	asked map[string]*Facts
}

// Here is the place of this process.
var Here = &Place{Env: os.LookupEnv, Read: os.ReadFile, HTTP: newTransport()}

// get returns an environment variable, "" if it is not set.
func (p *Place) get(name string) string {
	value, _ := p.Env(name)
	return value
}

// namespaceFile is where Kubernetes mounts the namespace of the pod's service
// account.
const namespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"

// Fixed returns a fact that the environment or a file tells. The error says
// what to do about it.
func (p *Place) Fixed(fact string) (string, error) {
	switch fact {
	case Pod:
		if name := p.get("POD_NAME"); name != "" {
			return name, nil
		}
		// A pod's host has its name, unless it shares the network of its node.
		if p.get("KUBERNETES_SERVICE_HOST") != "" && p.get("HOSTNAME") != "" {
			return p.get("HOSTNAME"), nil
		}
		return "", errors.New("POD_NAME is not set, and this is no pod of Kubernetes: set it by the downward API from metadata.name")
	case Namespace:
		if name := p.get("POD_NAMESPACE"); name != "" {
			return name, nil
		}
		text, err := p.Read(namespaceFile)
		if name := strings.TrimSpace(string(text)); err == nil && name != "" {
			return name, nil
		}
		return "", errors.New("POD_NAMESPACE is not set, and there is no " + namespaceFile + ": set it by the downward API from metadata.namespace")
	case Function:
		if name := p.get("AWS_LAMBDA_FUNCTION_NAME"); name != "" {
			return name, nil
		}
		return "", errors.New("AWS_LAMBDA_FUNCTION_NAME is not set: this is no function of Lambda")
	}
	panic("meta: no fact " + fact)
}
