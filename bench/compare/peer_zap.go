package main

import (
	"io"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/watchtower-go/watchtower/bench/internal/drive"
)

func init() {
	peers["zap"] = func(l *drive.Load) (*drive.Logger, error) {
		core := zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.AddSync(io.Discard), zap.InfoLevel)
		lg := zap.New(core, zap.AddCaller()).With(zap.String("service", "checkout"), zap.Int("version", 7), zap.Namespace("request"))
		text := l.Text()
		return discarding(func(i int) {
			lg.Info(text, zap.String("method", "GET"), zap.Int("status", 200+i%7),
				zap.Duration("took", time.Duration(i%1_000_003)*1000), zap.Bool("cached", i%3 == 0),
				zap.String("trace_id", drive.Trace(i)))
		}), nil
	}
}
