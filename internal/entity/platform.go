package entity

import (
	"cmp"
	"strings"
)

// A platform is where the program runs. Kinds and names of attributes are those
// of the CloudWatch User Guide, "Specification: Embedded metric format", section
// "Entity information in EMF format": it has what an entity of each platform says,
// and what it must say. Application Signals' API has most of them too (type
// ServiceSummary).
type platform struct {
	kind   string // the entity's PlatformType
	prefix string // of an environment that is not named
}

var (
	generic    = platform{"Generic", "generic"}
	lambda     = platform{"AWS::Lambda", "lambda"}
	kubernetes = platform{"K8s", "k8s"}
	eks        = platform{"AWS::EKS", "eks"}

	// platforms are by OpenTelemetry's cloud.platform.
	platforms = map[string]platform{
		"aws_ec2": {"AWS::EC2", "ec2"}, "aws_ecs": {"AWS::ECS", "ecs"}, "aws_eks": eks, "aws_lambda": lambda,
	}
)

// platformOf finds the platform in the resource's attributes; Lambda tells of
// itself.
func platformOf(attrs map[string]string, getenv func(string) string) platform {
	if p, ok := platforms[attrs["cloud.platform"]]; ok {
		return p
	}
	if attrs["k8s.cluster.name"] != "" || attrs["k8s.namespace.name"] != "" {
		return kubernetes
	}
	if getenv(functionVariable) != "" {
		return lambda
	}
	return generic
}

// functionVariable is set by Lambda (Developer Guide, "Defined runtime environment
// variables").
const functionVariable = "AWS_LAMBDA_FUNCTION_NAME"

// environment is what Application Signals calls an environment without a name, as
// the CloudWatch agent makes it of the same attributes (its processor
// awsapplicationsignals): ec2:GROUP, ecs:CLUSTER, eks:CLUSTER/NAMESPACE, k8s:… and,
// where that is not known, ec2:default, lambda:default and so on.
func (p platform) environment(attrs map[string]string) string {
	where := ""
	switch p.prefix {
	case "eks", "k8s":
		if cluster, namespace := attrs["k8s.cluster.name"], attrs["k8s.namespace.name"]; cluster != "" && namespace != "" {
			where = cluster + "/" + namespace
		}
	case "ec2":
		where = attrs["ec2.tag.aws:autoscaling:groupName"]
	case "ecs":
		where, _ = task(attrs)
	}
	return p.prefix + ":" + cmp.Or(where, "default")
}

// task finds the cluster of ECS, and the id of the task, in their ARNs. That of a
// task has had the cluster in it since 2018:
//
//	arn:aws:ecs:REGION:ACCOUNT:cluster/CLUSTER
//	arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/ID
//	arn:aws:ecs:REGION:ACCOUNT:task/ID
func task(attrs map[string]string) (cluster, id string) {
	arn := attrs["aws.ecs.cluster.arn"]
	cluster = arn[strings.LastIndexByte(arn, '/')+1:]
	_, path, _ := strings.Cut(attrs["aws.ecs.task.arn"], ":task/")
	first, second, long := strings.Cut(path, "/")
	if !long {
		return cluster, first
	}
	return cmp.Or(cluster, first), second
}

// attributes are what else the entity says of the platform; empty ones are to
// be left out.
func (p platform) attributes(attrs map[string]string, getenv func(string) string) map[string]string {
	switch p.prefix {
	case "eks", "k8s":
		return p.pod(attrs)
	case "ec2":
		return map[string]string{
			"EC2.InstanceId":       attrs["host.id"],
			"EC2.AutoScalingGroup": attrs["ec2.tag.aws:autoscaling:groupName"],
		}
	case "ecs":
		cluster, id := task(attrs)
		return map[string]string{"ECS.Cluster": cluster, "ECS.Task": id}
	case "lambda":
		return map[string]string{"Lambda.Function": cmp.Or(attrs["faas.name"], getenv(functionVariable))}
	}
	return map[string]string{"Host": attrs["host.name"]}
}

// pod is what the entity says of a pod of Kubernetes, of EKS or of another. The
// order of workloads is the agent's (User Guide, "Using the CloudWatch agent with
// related telemetry").
func (p platform) pod(attrs map[string]string) map[string]string {
	cluster := "K8s.Cluster"
	if p == eks {
		cluster = "EKS.Cluster"
	}
	return map[string]string{
		cluster:         attrs["k8s.cluster.name"],
		"K8s.Namespace": attrs["k8s.namespace.name"],
		"K8s.Node":      attrs["k8s.node.name"],
		"K8s.Pod":       attrs["k8s.pod.name"],
		"K8s.Workload": cmp.Or(attrs["k8s.deployment.name"], attrs["k8s.replicaset.name"], attrs["k8s.statefulset.name"],
			attrs["k8s.daemonset.name"], attrs["k8s.cronjob.name"], attrs["k8s.job.name"]),
		"EC2.InstanceId": attrs["host.id"],
	}
}
