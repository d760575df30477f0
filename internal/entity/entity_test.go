package entity

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEntityIsTheServiceOfTheEnvironment(t *testing.T) {
	type vars = map[string]string
	for _, c := range []struct {
		name              string
		service, resource string
		lambda            string
		serviceName       string // of the entity; empty: there is none
		environment       string
		platform          string
		more              vars
	}{
		{name: "nothing"},
		{name: "no service", resource: "deployment.environment=prod"},
		{name: "OpenTelemetry's stand-in", resource: "service.name=unknown_service:go"},
		{"name alone", "shop", "", "", "shop", "generic:default", "Generic", nil},
		{"in the resource", "", "service.name=shop,deployment.environment.name=prod", "", "shop", "prod", "Generic", nil},
		{"the variable for the name comes first", "shop", "service.name=other", "", "shop", "generic:default", "Generic", nil},
		{"the new key comes first", "shop", "deployment.environment=old,deployment.environment.name=new", "", "shop", "new", "Generic", nil},
		{"the old key", "shop", "deployment.environment=old", "", "shop", "old", "Generic", nil},
		{"encoded", "caf\xc3\xa9 \xff", "deployment.environment.name=a%2Cb", "", "café \uFFFD", "a,b", "Generic", nil},
		{"lambda", "shop", "", "f", "shop", "lambda:default", "AWS::Lambda", vars{"Lambda.Function": "f"}},
		{"lambda by its resource", "shop", "cloud.platform=aws_lambda", "", "shop", "lambda:default", "AWS::Lambda", nil},
		{"ec2", "shop", "cloud.platform=aws_ec2,host.id=i-1", "", "shop", "ec2:default", "AWS::EC2", vars{"EC2.InstanceId": "i-1"}},
		{
			"ec2 in a group", "shop", "cloud.platform=aws_ec2,ec2.tag.aws:autoscaling:groupName=asg", "", "shop", "ec2:asg", "AWS::EC2",
			vars{"EC2.AutoScalingGroup": "asg"},
		},
		{"ecs", "shop", "cloud.platform=aws_ecs,aws.ecs.cluster.arn=arn:aws:ecs:eu-west-1:1:cluster/blue", "", "shop", "ecs:blue", "AWS::ECS", vars{"ECS.Cluster": "blue"}},
		{"ecs unnamed", "shop", "cloud.platform=aws_ecs", "", "shop", "ecs:default", "AWS::ECS", nil},
		{
			"eks", "shop", "cloud.platform=aws_eks,k8s.cluster.name=c,k8s.namespace.name=ns,k8s.deployment.name=d,k8s.node.name=n,host.id=i-1", "",
			"shop", "eks:c/ns", "AWS::EKS",
			vars{"EKS.Cluster": "c", "K8s.Namespace": "ns", "K8s.Workload": "d", "K8s.Node": "n", "EC2.InstanceId": "i-1"},
		},
		{
			"kubernetes", "shop", "k8s.cluster.name=c,k8s.namespace.name=ns,k8s.job.name=j", "",
			"shop", "k8s:c/ns", "K8s",
			vars{"K8s.Cluster": "c", "K8s.Namespace": "ns", "K8s.Workload": "j"},
		},
		{"kubernetes unnamed", "shop", "k8s.namespace.name=ns", "", "shop", "k8s:default", "K8s", vars{"K8s.Namespace": "ns"}},
		{
			"what is too long is left out", "shop", "cloud.platform=aws_ec2,host.id=" + strings.Repeat("i", 513), "",
			"shop", "ec2:default", "AWS::EC2", nil,
		},
	} {
		e, err := Of(env(vars{"OTEL_SERVICE_NAME": c.service, "OTEL_RESOURCE_ATTRIBUTES": c.resource, "AWS_LAMBDA_FUNCTION_NAME": c.lambda}))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.serviceName == "" {
			if e.KeyAttributes != nil || e.Attributes != nil {
				t.Errorf("%s: %v", c.name, e)
			}
			continue
		}
		attributes := vars{"AWS.ServiceNameSource": "Instrumentation", "PlatformType": c.platform}
		for k, v := range c.more {
			attributes[k] = v
		}
		key := vars{"Type": "Service", "Name": c.serviceName, "Environment": c.environment}
		if diff := cmp.Diff(key, e.KeyAttributes) + cmp.Diff(attributes, e.Attributes); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestWhatIsNotUsedIsAnError(t *testing.T) {
	e, err := Of(env(map[string]string{"OTEL_SERVICE_NAME": "shop", "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=prod,x"}))
	if e.KeyAttributes["Environment"] != "generic:default" || err == nil || !strings.Contains(err.Error(), "OTEL_RESOURCE_ATTRIBUTES is not used") {
		t.Errorf("%v, %v", e, err)
	}
	e, err = Of(env(map[string]string{"OTEL_SERVICE_NAME": strings.Repeat("x", 513)}))
	if e.KeyAttributes != nil || err == nil || !strings.Contains(err.Error(), "make no entity: key attribute Name: the value has 513 characters") {
		t.Errorf("%v, %v", e, err)
	}
}
