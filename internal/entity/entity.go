package entity

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/watchtower-go/watchtower/internal/cwl"
)

// Of makes the entity of the service that the variables of the environment
// describe: OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES. Where they name no
// service there is none. An error says what of them is not used.
//
// Names are those that the CloudWatch agent gives an instrumented program, so
// that its logs and its traces are found together.
func Of(getenv func(string) string) (cwl.Entity, error) {
	attrs, err := parseResource(getenv("OTEL_RESOURCE_ATTRIBUTES"))
	if err != nil {
		err = fmt.Errorf("environment variable OTEL_RESOURCE_ATTRIBUTES is not used: %w", err)
	}
	// OTEL_SERVICE_NAME has precedence (SDK environment variables).
	name := cmp.Or(strings.TrimSpace(getenv("OTEL_SERVICE_NAME")), attrs["service.name"])
	if name == "" || strings.HasPrefix(name, "unknown_service") { // OpenTelemetry's stand-in for none
		return cwl.Entity{}, err
	}
	p := platformOf(attrs, getenv)
	environment := cmp.Or(attrs["deployment.environment.name"], attrs["deployment.environment"], p.environment(attrs))
	e := cwl.Entity{
		KeyAttributes: map[string]string{"Type": "Service", "Name": strings.ToValidUTF8(name, "\uFFFD"), "Environment": environment},
		Attributes:    map[string]string{"AWS.ServiceNameSource": "Instrumentation", "PlatformType": p.kind},
	}
	for key, value := range p.attributes(attrs, getenv) {
		if value != "" && utf8.RuneCountInString(value) <= cwl.MaxEntityValueLength {
			e.Attributes[key] = value
		}
	}
	if invalid := cwl.ValidateEntity(e); invalid != nil {
		invalid = fmt.Errorf("OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES make no entity: %w", invalid)
		return cwl.Entity{}, errors.Join(invalid, err)
	}
	return e, err
}
