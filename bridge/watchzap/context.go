package watchzap

import (
	"context"
	"log/slog"

	"go.uber.org/zap/zapcore"
)

// Context is a field that gives an entry, or a logger by With, its context:
//
//	logger.Info("paid", watchzap.Context(ctx))
//
// ContextAttrs of the handler's options, such as watchotel.ContextAttrs, gets it.
// No core writes the field. A context given by zap.Any or zap.Reflect does the
// same here, but other cores write it.
func Context(ctx context.Context) zapcore.Field {
	return zapcore.Field{Type: zapcore.SkipType, Interface: ctx}
}

// Attr is a field that is an attribute of slog, such as a watchtower.Metric or the
// watchtower.Dimensions of metrics.
func Attr(a slog.Attr) zapcore.Field {
	return zapcore.Field{Key: a.Key, Type: zapcore.ReflectType, Interface: a.Value.Any()}
}

// contextOf returns the context that a field gives, or nil.
func contextOf(f *zapcore.Field) context.Context {
	switch f.Type {
	case zapcore.SkipType, zapcore.ReflectType, zapcore.StringerType:
		ctx, _ := f.Interface.(context.Context)
		return ctx
	}
	return nil
}
