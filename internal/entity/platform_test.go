package entity

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What the section "Entity information in EMF format" of the specification names
// for each platform.
func TestEntitySaysWhatItsPlatformNeeds(t *testing.T) {
	type vars = map[string]string
	const cluster, task = "aws.ecs.cluster.arn=arn:aws:ecs:eu-west-1:1:cluster/blue", "aws.ecs.task.arn=arn:aws:ecs:eu-west-1:1:task/"
	for _, c := range []struct {
		resource, function    string
		environment, platform string
		more                  vars
	}{
		{"cloud.platform=aws_ecs," + cluster, "", "ecs:blue", "AWS::ECS", vars{"ECS.Cluster": "blue"}},
		{"cloud.platform=aws_ecs," + cluster + "," + task + "blue/5f", "", "ecs:blue", "AWS::ECS", vars{"ECS.Cluster": "blue", "ECS.Task": "5f"}},
		{"cloud.platform=aws_ecs," + task + "green/5f", "", "ecs:green", "AWS::ECS", vars{"ECS.Cluster": "green", "ECS.Task": "5f"}},
		{"cloud.platform=aws_ecs," + task + "5f", "", "ecs:default", "AWS::ECS", vars{"ECS.Task": "5f"}},
		{"cloud.platform=aws_ecs,aws.ecs.cluster.arn=blue", "", "ecs:blue", "AWS::ECS", vars{"ECS.Cluster": "blue"}},
		{"", "pay", "lambda:default", "AWS::Lambda", vars{"Lambda.Function": "pay"}},
		{"cloud.platform=aws_lambda,faas.name=charge", "pay", "lambda:default", "AWS::Lambda", vars{"Lambda.Function": "charge"}},
		{"host.name=box", "", "generic:default", "Generic", vars{"Host": "box"}},
		{
			"cloud.platform=aws_eks,k8s.cluster.name=c,k8s.namespace.name=ns,k8s.pod.name=d-1,k8s.replicaset.name=r,k8s.deployment.name=d,host.id=i-1", "",
			"eks:c/ns", "AWS::EKS",
			vars{"EKS.Cluster": "c", "K8s.Namespace": "ns", "K8s.Pod": "d-1", "K8s.Workload": "d", "EC2.InstanceId": "i-1"},
		},
	} {
		e, err := Of(env(vars{"OTEL_SERVICE_NAME": "shop", "OTEL_RESOURCE_ATTRIBUTES": c.resource, functionVariable: c.function}))
		if err != nil {
			t.Errorf("%s: %v", c.resource, err)
		}
		want := vars{"AWS.ServiceNameSource": "Instrumentation", "PlatformType": c.platform}
		for k, v := range c.more {
			want[k] = v
		}
		if diff := cmp.Diff(want, e.Attributes); diff != "" || e.KeyAttributes["Environment"] != c.environment {
			t.Errorf("%s: %v (-want +got):\n%s", c.resource, e.KeyAttributes, diff)
		}
	}
}

// Both problems are told where there are two.
func TestBadVariableBesideABadNameIsTold(t *testing.T) {
	_, err := Of(env(map[string]string{"OTEL_SERVICE_NAME": strings.Repeat("x", 513), "OTEL_RESOURCE_ATTRIBUTES": "x"}))
	if err == nil || !strings.Contains(err.Error(), "make no entity") || !strings.Contains(err.Error(), "is not used") {
		t.Error(err)
	}
}
