package engine

import (
	"bytes"
	"testing"
	"time"

	"github.com/watchtower-go/watchtower/internal/batch"
	"github.com/watchtower-go/watchtower/internal/cwl"
)

// sized is an owner, and a batch with so much in it and so much room beside that.
func sized(used, room int) (*owner, *batch.Batch) {
	o := &owner{Engine: &Engine{cfg: Config{Window: 4, Queue: Queue{Bytes: 16 << 20}}}}
	b := batch.New(o.target, "s", batch.Limits{Bytes: cwl.MaxBatchBytes, Events: cwl.MaxBatchEvents}, batch.MakeMemory((used+room)/9*8, 1))
	b.Add(&cwl.Event{Fragment: bytes.Repeat([]byte{'x'}, used)}, time.Now())
	return o, b
}

func TestABatchIsMadeAsLargeAsTheLastWhileFullOnesWait(t *testing.T) {
	o, full := sized(1<<20, 100<<10)
	for range 8 {
		o.waiting = append(o.waiting, &send{batch: full})
	}
	st := &stream{}
	st.expect(full)
	if n := o.memoryFor(st).Bytes(); n < 1<<20 {
		t.Errorf("memory of %d bytes after a batch of %d", n, full.BodyBytes())
	}
}

func TestBatchesThatUseLittleOfTheirMemoryKeepOthersFromIt(t *testing.T) {
	o, begun := sized(100, 1<<20)
	for range 4 {
		o.opened = append(o.opened, begun)
	}
	st := &stream{bytes: 1 << 20, events: 1000}
	if n := o.memoryFor(st).Bytes(); n > 0 {
		t.Errorf("memory of %d bytes, while %d are not used", n, o.unused())
	}
}

func TestASmallBatchAmongLargeOnesIsNotTheMeasure(t *testing.T) {
	o, full := sized(1<<20, 0)
	_, small := sized(100, 0)
	st := &stream{}
	st.expect(full)
	st.expect(small)
	if n := o.memoryFor(st).Bytes(); n < full.BodyBytes()/8*7 {
		t.Errorf("memory of %d bytes after a batch of %d and a small one", n, full.BodyBytes())
	}
	for range 100 {
		st.expect(small)
	}
	if n := o.memoryFor(st).Bytes(); n > 0 {
		t.Errorf("memory of %d bytes after a hundred small batches", n)
	}
}
