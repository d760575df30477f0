package engine

import (
	"cmp"
	"fmt"
)

// An EntityError tells that the service stores events without the entity.
type EntityError struct {
	Type string // errorType of rejectedEntityInfo
}

func (e *EntityError) Error() string {
	remedy := cmp.Or(entityRemedies[e.Type], "look at Options.Entity, or set NoEntity")
	return fmt.Sprintf("the service rejects the entity (%s) and stores the events without it: %s", e.Type, remedy)
}

// entityRemedies are by errorType (API page RejectedEntityInfo).
var entityRemedies = map[string]string{
	"InvalidTypeValue":        "its Type must be Service, RemoteService, AWS::Service, Resource or AWS::Resource",
	"InvalidKeyAttributes":    "its KeyAttributes must be 2 to 4 of Type, ResourceType, Identifier, Name and Environment",
	"InvalidAttributes":       "it can have 10 Attributes, with values of 512 characters",
	"EntitySizeTooLarge":      "leave some Attributes out",
	"UnsupportedLogGroupType": "a log group of this class takes none: set NoEntity",
	"MissingRequiredFields":   "a service needs Type, Name and Environment, a resource Type, ResourceType and Identifier",
}

// heed tells, once, that the entity was rejected. No event is lost by it.
func (o *owner) heed(rejected string) {
	if rejected == "" || o.entityTold {
		return
	}
	o.entityTold = true
	o.report.failure(&EntityError{Type: rejected})
}
