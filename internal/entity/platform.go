package entity

import (
	"cmp"
	"strings"
)

// A platform is where the program runs.
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
	if getenv("AWS_LAMBDA_FUNCTION_NAME") != "" {
		return lambda
	}
	return generic
}

// environment is what Application Signals calls an environment without a name
// (CloudWatch User Guide, "Application Signals").
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
		_, where, _ = strings.Cut(attrs["aws.ecs.cluster.arn"], ":cluster/")
	}
	return p.prefix + ":" + cmp.Or(where, "default")
}

// attributes are what else the entity says of the platform; empty ones are to
// be left out.
func (p platform) attributes(attrs map[string]string) map[string]string {
	switch p.prefix {
	case "eks", "k8s":
		cluster := "K8s.Cluster"
		if p == eks {
			cluster = "EKS.Cluster"
		}
		return map[string]string{
			cluster:         attrs["k8s.cluster.name"],
			"K8s.Namespace": attrs["k8s.namespace.name"],
			"K8s.Node":      attrs["k8s.node.name"],
			"K8s.Workload": cmp.Or(attrs["k8s.deployment.name"], attrs["k8s.statefulset.name"], attrs["k8s.daemonset.name"],
				attrs["k8s.cronjob.name"], attrs["k8s.job.name"], attrs["k8s.replicaset.name"]),
		}
	case "ec2":
		return map[string]string{
			"EC2.InstanceId":       attrs["host.id"],
			"EC2.AutoScalingGroup": attrs["ec2.tag.aws:autoscaling:groupName"],
		}
	}
	return nil
}
