package watchtower

import (
	"os"

	"github.com/watchtower-go/watchtower/internal/cwl"
	"github.com/watchtower-go/watchtower/internal/engine"
	"github.com/watchtower-go/watchtower/internal/entity"
)

// An Entity says which service or resource records are about. By it CloudWatch
// finds them beside the metrics and traces of the same entity ("Explore
// related"). The User Guide says what it can be: "How to add related information
// to custom telemetry sent to CloudWatch".
type Entity struct {
	// KeyAttributes identify the entity: 2 to 4 of Type, ResourceType,
	// Identifier, Name and Environment. A service has a Type of Service, a Name
	// and an Environment; a resource has Resource or AWS::Resource, a
	// ResourceType and an Identifier. Values have 512 characters at most.
	KeyAttributes map[string]string
	// Attributes are what else there is to say, such as PlatformType: 10 at
	// most, with names of 256 and values of 512 characters. What each platform has
	// is in the User Guide, "Specification: Embedded metric format", at "Entity
	// information in EMF format".
	Attributes map[string]string
}

// validateEntity checks what the user gave.
func (o Options) validateEntity() error {
	if o.Entity == nil {
		return nil
	}
	if o.NoEntity {
		return wrongOption("NoEntity", "Entity is set: leave one of them out")
	}
	if err := cwl.ValidateEntity(cwl.Entity(*o.Entity)); err != nil {
		return wrongOption("Entity", "%w", err)
	}
	return nil
}

// entity is what is sent: that of the options, or of the environment. The error
// says what of the environment is not used.
func (o Options) entity() (cwl.Entity, error) {
	switch {
	case o.NoEntity:
		return cwl.Entity{}, nil
	case o.Entity != nil:
		return cwl.Entity(*o.Entity), nil
	}
	e, err := entity.Of(os.Getenv)
	if err != nil {
		return e, &EntityError{Err: err}
	}
	return e, nil
}

// An EntityError tells that records are stored without their entity, or with one
// that lacks something. Nothing is lost by it. It is told once.
type EntityError struct {
	// ErrorType is why the service rejects the entity, as rejectedEntityInfo has
	// it: InvalidEntity, InvalidTypeValue, InvalidKeyAttributes,
	// InvalidAttributes, EntitySizeTooLarge, UnsupportedLogGroupType or
	// MissingRequiredFields. Empty if Err says more.
	ErrorType string
	// Err is what is wrong with the variables OTEL_SERVICE_NAME and
	// OTEL_RESOURCE_ATTRIBUTES, which the entity is made of without
	// Options.Entity.
	Err error
}

func (e *EntityError) Error() string {
	if e.Err != nil {
		return e.Err.Error()
	}
	return (&engine.EntityError{Type: e.ErrorType}).Error()
}

// Unwrap returns what is wrong with the environment.
func (e *EntityError) Unwrap() error { return e.Err }
