package meta

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Variables by which AWS SDKs are told of the instance metadata service.
const (
	instanceDisabled = "AWS_EC2_METADATA_DISABLED"
	instanceEndpoint = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
	instanceMode     = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"
)

// instance is the service that knows the EC2 instance.
func (p *Place) instance() service {
	if strings.EqualFold(p.get(instanceDisabled), "true") {
		return service{err: errors.New(instanceDisabled + " is true: unset it, or leave {ec2.instance_id} out")}
	}
	address := strings.TrimSuffix(p.get(instanceEndpoint), "/")
	if address == "" {
		address = "http://169.254.169.254"
		if strings.EqualFold(p.get(instanceMode), "ipv6") {
			address = "http://[fd00:ec2::254]"
		}
	}
	return service{
		address: address,
		err:     base(instanceEndpoint, address),
		ask:     p.askInstance,
		remedy:  "this is no instance of EC2, or its metadata service is off, or, in a container, its hop limit (HttpPutResponseHopLimit) is below 2",
	}
}

// askInstance asks by version 2 of the service: for a token first.
func (p *Place) askInstance(ctx context.Context, address string) (map[string]string, error) {
	token, err := p.fetch(ctx, http.MethodPut, address+"/latest/api/token", http.Header{"X-Aws-Ec2-Metadata-Token-Ttl-Seconds": {"60"}})
	if err != nil {
		return nil, err
	}
	header := http.Header{"X-Aws-Ec2-Metadata-Token": {strings.TrimSpace(string(token))}}
	body, err := p.fetch(ctx, http.MethodGet, address+"/latest/dynamic/instance-identity/document", header)
	if err != nil {
		return nil, err
	}
	return parseInstance(body)
}

// parseInstance takes the facts out of an instance identity document:
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-identity-documents.html
func parseInstance(body []byte) (map[string]string, error) {
	var d struct {
		InstanceID string `json:"instanceId"`
	}
	if err := json.Unmarshal(body, &d); err != nil {
		return nil, fmt.Errorf("the instance identity document is no JSON: %w", err)
	}
	if d.InstanceID == "" {
		return nil, errors.New("the instance identity document has no instanceId")
	}
	return map[string]string{InstanceID: d.InstanceID}, nil
}
