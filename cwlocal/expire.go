package cwlocal

import (
	"context"
	"time"
)

// expire removes events past their retention until ctx ends. It sleeps without
// a timer until a retention policy is set, so that a test in a synctest
// bubble that hangs is found out instead of being kept alive.
func (s *Server) expire(ctx context.Context) {
	if s.cfg.Dir != "" {
		s.wakeExpire() // what was opened may have retention policies
	}
	timer := time.NewTimer(s.cfg.ExpireEvery)
	defer timer.Stop()
	timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		case <-timer.C:
		}
		if n, err := s.store.Expire(now()); err != nil {
			s.cfg.Logger.Error("cannot remove expired events", "error", err)
		} else if n > 0 {
			s.cfg.Logger.Debug("removed expired events", "events", n)
		}
		timer.Reset(s.cfg.ExpireEvery)
	}
}

// wakeExpire tells the loop that there is a retention policy now.
func (s *Server) wakeExpire() {
	select {
	case s.wake <- struct{}{}:
	default: // it has been told already
	}
}
