package store

// A GroupKey names a log group. The region is a namespace of its own: groups
// of two regions never meet.
type GroupKey struct{ Region, Name string }

// A Group is a log group and its settings.
type Group struct {
	GroupKey
	// Created is in milliseconds since 1970 (UTC).
	Created int64
	// RetentionDays is how long Expire keeps events. If zero, for ever.
	RetentionDays int
	// KMSKeyID and Class are stored as they were given.
	KMSKeyID, Class string
	// DeletionProtection is stored for the caller; DeleteGroup does not look at it.
	DeletionProtection bool
	// BearerToken is whether the group accepts bearer tokens.
	BearerToken bool
	// Tags is nil or the caller's to change.
	Tags map[string]string
	// StoredBytes is the size of the events: messages in bytes, uncompressed,
	// plus EventOverhead for each. The store counts it; what CreateGroup and
	// UpdateGroup are given is ignored.
	StoredBytes int64
}
