package drive

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
)

// profile writes, if there is a folder for them, what the process spends its
// time on (PEER.cpu) and what it allocates (PEER.mem); the function that it
// returns ends both. Without one it keeps the runtime from taking notes of
// allocations, which it does in no program that has no profiles in it: that would
// count as the peer's memory.
func profile(dir, peer string) (stop func() error, err error) {
	if dir == "" {
		runtime.MemProfileRate = 0
		return func() error { return nil }, nil
	}
	cpu, err := os.Create(filepath.Join(dir, peer+".cpu"))
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return nil, err
	}
	return func() error {
		pprof.StopCPUProfile()
		if err := cpu.Close(); err != nil {
			return err
		}
		mem, err := os.Create(filepath.Join(dir, peer+".mem"))
		if err != nil {
			return err
		}
		if err := pprof.Lookup("allocs").WriteTo(mem, 0); err != nil {
			return err
		}
		return mem.Close()
	}, nil
}
