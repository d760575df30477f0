package cwlocal

import (
	"maps"
	"slices"
)

// An Operation is one operation of the CloudWatch Logs API and what the server
// makes of it.
type Operation struct {
	// Name is the operation's name, such as PutLogEvents.
	Name   string
	Status Status
	// Note says what is different from the service or, of a refused operation,
	// why it is not served.
	Note string
}

// A Status says how an operation is served.
type Status string

const (
	// Exact operations answer as the service does, as far as a client can see.
	Exact Status = "exact"
	// Partial operations are served with the differences that the note names.
	Partial Status = "partial"
	// Refused operations answer an error that names them.
	Refused Status = "refused"
)

// Operations returns every operation of the API, ordered by name.
func Operations() []Operation {
	list := make([]Operation, 0, len(operations))
	for _, name := range slices.Sorted(maps.Keys(operations)) {
		list = append(list, operations[name].Operation)
	}
	return list
}

// An operation that is served has a function. It returns what the answer is
// encoded from, nil for an empty body.
type operation struct {
	Operation
	serve func(*call) (any, error)
}

// operations are all operations by name.
var operations = func() map[string]operation {
	all := map[string]operation{}
	for _, op := range served {
		all[op.Name] = op
	}
	for why, names := range refused {
		for _, name := range names {
			all[name] = operation{Operation: Operation{name, Refused, why}}
		}
	}
	return all
}()

// served are the operations that do something.
var served = []operation{
	{Operation{"AssociateKmsKey", Partial, "the key is remembered, nothing is encrypted; no keys for query results"}, associateKmsKey},
	{Operation{"CreateLogGroup", Exact, "settings are stored; no quota of groups"}, createLogGroup},
	{Operation{"CreateLogStream", Exact, "no quota of requests per second"}, createLogStream},
	{Operation{"DeleteLogGroup", Exact, "takes effect at once"}, deleteLogGroup},
	{Operation{"DeleteLogStream", Exact, "takes effect at once"}, deleteLogStream},
	{Operation{"DeleteRetentionPolicy", Exact, "events removed before do not come back"}, deleteRetentionPolicy},
	{Operation{"DescribeLogGroups", Exact, "storedBytes is up to date; one account"}, describeLogGroups},
	{Operation{"DescribeLogStreams", Exact, "times are up to date"}, describeLogStreams},
	{Operation{"DisassociateKmsKey", Partial, "forgets the key; no keys for query results"}, disassociateKmsKey},
	{Operation{"FilterLogEvents", Partial, "term patterns; JSON, space-delimited and regex patterns are refused"}, filterLogEvents},
	{Operation{"GetLogEvents", Exact, "events can be read as soon as they are put"}, getLogEvents},
	{Operation{"ListLogGroups", Partial, "no data sources and field indexes: filters on them match nothing"}, listLogGroups},
	{Operation{"ListTagsForResource", Partial, "log groups only"}, listTagsForResource},
	{Operation{"ListTagsLogGroup", Exact, "deprecated by the service"}, listTagsLogGroup},
	{Operation{"PutLogEvents", Exact, "entities are checked, and told in rejectedEntityInfo, not kept; no quota of requests per second"}, putLogEvents},
	{Operation{"PutLogGroupDeletionProtection", Exact, "holds off DeleteLogGroup and DeleteLogStream"}, putLogGroupDeletionProtection},
	{Operation{"PutRetentionPolicy", Exact, "events past it are invisible at once, removed within a minute"}, putRetentionPolicy},
	{Operation{"TagLogGroup", Exact, "deprecated by the service"}, tagLogGroup},
	{Operation{"TagResource", Partial, "log groups only"}, tagResource},
	{Operation{"UntagLogGroup", Exact, "deprecated by the service"}, untagLogGroup},
	{Operation{"UntagResource", Partial, "log groups only"}, untagResource},
}
