package encode

import (
	"encoding/binary"
	"math/bits"
	"strconv"
)

// appendInt is strconv.AppendInt in base 10, without a branch for each digit of
// the numbers that most are.
func appendInt(dst []byte, n int64) []byte {
	if n < 0 || n >= 1e16 {
		return strconv.AppendInt(dst, n, 10)
	}
	if n >= 1e8 {
		dst = appendInt(dst, n/1e8)
		return binary.LittleEndian.AppendUint64(dst, digits(uint32(n%1e8))|'0'*ones)
	}
	d := digits(uint32(n))
	zeros := bits.TrailingZeros64(d|1<<63) &^ 7 // in front; never all of them
	from := len(dst)
	dst = binary.LittleEndian.AppendUint64(dst, (d|'0'*ones)>>zeros)
	return dst[:from+8-zeros/8]
}

// digits returns the eight decimal digits of n, which is below 1e8, a byte each; the
// first is the lowest byte. All are found at once: halves of four digits, then of two,
// then of one.
func digits(n uint32) uint64 {
	x := uint64(n/1e4) | uint64(n%1e4)<<32
	hundreds := x * 10486 >> 20 & (0x7f<<32 | 0x7f) // x / 100
	x = hundreds | (x-100*hundreds)<<16
	tens := x * 103 >> 10 & 0x000f_000f_000f_000f // x / 10
	return tens | (x-10*tens)<<8
}
