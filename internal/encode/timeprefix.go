package encode

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strconv"
	"time"
)

const (
	// open and closing are the frame of a fragment around its message.
	open    = `{"timestamp":`
	message = `,"message":"`
	closing = `"}`
	// lastSecond lies in the year 9892: up to it no zone, however strange,
	// makes the year one that RFC 3339 cannot write.
	lastSecond = 250_000_000_000
)

// A timePrefix is the beginning of a fragment up to the seconds of the time
// field. It changes once a second, and every buffer keeps its own, so that
// nothing is shared and nothing is allocated when it changes.
type timePrefix struct {
	sec  int64
	loc  *time.Location
	text bool

	head    [96]byte // {"timestamp":1763670000mmm,"message":"{\"time\":\"2025-11-20T20:20:00
	n       int      // length of head
	millis  int      // where mmm is
	message int      // where the message begins
	zone    [16]byte // Z or +01:00
	zn      int      // length of zone
}

// beginFragment appends the beginning of a fragment, up to and without the message.
func (b *Buffer) beginFragment(at time.Time) int64 {
	ms := max(at.UnixMilli(), 0)
	b.out = append(b.out, open...)
	b.out = strconv.AppendInt(b.out, ms, 10)
	b.out = append(b.out, message...)
	b.body, b.extra = len(b.out), 0
	return ms
}

// beginTimed appends the beginning of a fragment and the time field of its
// message, without what closes its value. It returns the timestamp, and false,
// having done nothing, for a time outside of the years that are written so.
func (b *Buffer) beginTimed(at time.Time, text bool) (int64, bool) {
	sec := at.Unix()
	p := &b.head
	if sec != p.sec || at.Location() != p.loc || text != p.text {
		if sec <= 0 || sec >= lastSecond {
			return 0, false
		}
		p.set(at, sec, text)
	}
	ns := at.Nanosecond()
	ms := ns / 1e6
	from := len(b.out)
	dst := slices.Grow(b.out, len(p.head))[:from+len(p.head)]
	*(*[len(p.head)]byte)(dst[from:]) = p.head // more than it has, but in one go
	dst = dst[:from+p.n]
	d := dst[from+p.millis : from+p.millis+3]
	threeDigits(d, uint32(ms))
	if text {
		dst = append(dst, '.', d[0], d[1], d[2])
	} else {
		dst = appendNanos(dst, ns)
	}
	b.out = append(dst, p.zone[:p.zn]...)
	b.body, b.extra = from+p.message, 0
	return sec*1000 + int64(ms), true
}

// set makes the prefix of the second that at lies in.
func (p *timePrefix) set(at time.Time, sec int64, text bool) {
	p.sec, p.loc, p.text = sec, at.Location(), text
	dst := append(p.head[:0], open...)
	dst = strconv.AppendInt(dst, sec, 10)
	p.millis = len(dst)
	dst = append(dst, "000"...)
	dst = append(dst, message...)
	p.message = len(dst)
	if text {
		dst = append(dst, "time="...)
	} else {
		dst = append(dst, `{\"time\":\"`...)
	}
	from := len(dst)
	dst = at.Add(-time.Duration(at.Nanosecond())).AppendFormat(dst, time.RFC3339)
	const seconds = len("2006-01-02T15:04:05")
	p.zn = copy(p.zone[:], dst[from+seconds:])
	p.n = from + seconds
}

// appendNanos appends the fraction of a second as RFC3339Nano has it: a point
// and nine digits less the zeros at the end, or nothing.
func appendNanos(dst []byte, ns int) []byte {
	if ns == 0 {
		return dst
	}
	first, rest := uint32(ns)/1e8, digits(uint32(ns)%1e8)
	dst = append(dst, '.', byte('0'+first))
	dst = binary.LittleEndian.AppendUint64(dst, rest|'0'*ones)
	return dst[:len(dst)-bits.LeadingZeros64(rest)/8]
}

// threeDigits writes n, which is below 1,000.
func threeDigits(d []byte, n uint32) {
	d[0], d[1], d[2] = byte('0'+n/100), byte('0'+n/10%10), byte('0'+n%10)
}
