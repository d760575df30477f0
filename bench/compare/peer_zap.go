package main

import (
	"io"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

func init() {
	peers["zap"] = func(l *load) (*logger, error) {
		core := zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.AddSync(io.Discard), zap.InfoLevel)
		lg := zap.New(core, zap.AddCaller()).With(zap.String("service", "checkout"), zap.Int("version", 7), zap.Namespace("request"))
		text := l.text()
		return discarding(func(i int) {
			lg.Info(text, zap.String("method", "GET"), zap.Int("status", 200+i%7),
				zap.Duration("took", time.Duration(i%1_000_003)*1000), zap.Bool("cached", i%3 == 0),
				zap.String("trace_id", traces[i%len(traces)]))
		}), nil
	}
}
