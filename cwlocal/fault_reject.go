package cwlocal

// An injectedRejection is what faults reject of a put, on top of what its
// events deserve.
type injectedRejection struct {
	rejected
	any bool
}

// merge adds what one fault rejects of so many events.
func (i *injectedRejection) merge(f Fault, events int) {
	if !i.any {
		i.any, i.tooNew = true, events
	}
	i.tooOld = max(i.tooOld, min(f.TooOld, events))
	i.expired = max(i.expired, min(f.Expired, events))
	i.tooNew = min(i.tooNew, max(events-f.TooNew, 0))
}

// and returns the injected rejections together with others. An event that
// would be both too old and too new is too old: the answer names none twice.
func (i *injectedRejection) and(r rejected) rejected {
	if !i.any {
		return r
	}
	r.tooOld, r.expired = max(r.tooOld, i.tooOld), max(r.expired, i.expired)
	r.tooNew = max(min(r.tooNew, i.tooNew), r.tooOld, r.expired)
	return r
}
