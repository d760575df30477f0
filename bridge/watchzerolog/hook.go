package watchzerolog

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/rs/zerolog"
)

// ContextHook returns a hook that adds to each line what attrs, such as
// watchotel.ContextAttrs, says of the context that the line or the logger was given
// by Ctx:
//
//	logger := zerolog.New(watchzerolog.New(h, nil)).Hook(watchzerolog.ContextHook(watchotel.ContextAttrs))
//	logger.Info().Ctx(ctx).Msg("paid")
//
// All writers of the logger get these fields: a line is finished when it comes to
// one, which is why ContextAttrs of the handler's options is not asked. Groups
// are objects. If attrs panics, that becomes a field ContextAttrs.
func ContextHook(attrs func(context.Context) []slog.Attr) zerolog.Hook {
	return zerolog.HookFunc(func(e *zerolog.Event, _ zerolog.Level, _ string) {
		left := maxResolved
		addAll(e, ask(attrs, e.GetCtx()), &left)
	})
}

// ask calls attrs. A panic in it becomes an attribute, as in a handler.
func ask(attrs func(context.Context) []slog.Attr, ctx context.Context) (all []slog.Attr) {
	defer func() {
		if p := recover(); p != nil {
			all = []slog.Attr{slog.String("ContextAttrs", fmt.Sprintf("!PANIC: %v", p))}
		}
	}()
	return attrs(ctx)
}

// maxResolved bounds the LogValuers of a line that are asked: one can return a group
// that contains itself.
const maxResolved = 1000

// addTo adds an attribute to a line, in the form that zerolog gives its like. left is
// how many LogValuers may still be asked.
func addTo(e *zerolog.Event, a slog.Attr, left *int) {
	if a.Value.Kind() == slog.KindLogValuer {
		if *left--; *left < 0 {
			e.Str(a.Key, "!ERROR:too many LogValue calls")
			return
		}
	}
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindString:
		e.Str(a.Key, v.String())
	case slog.KindBool:
		e.Bool(a.Key, v.Bool())
	case slog.KindInt64:
		e.Int64(a.Key, v.Int64())
	case slog.KindUint64:
		e.Uint64(a.Key, v.Uint64())
	case slog.KindFloat64:
		e.Float64(a.Key, v.Float64())
	case slog.KindDuration:
		e.Dur(a.Key, v.Duration())
	case slog.KindTime:
		e.Time(a.Key, v.Time())
	case slog.KindGroup:
		if a.Key == "" {
			addAll(e, v.Group(), left)
		} else {
			inner := zerolog.Dict()
			addAll(inner, v.Group(), left)
			e.Dict(a.Key, inner)
		}
	default:
		if err, ok := v.Any().(error); ok {
			e.AnErr(a.Key, err)
		} else {
			e.Interface(a.Key, v.Any())
		}
	}
}

func addAll(e *zerolog.Event, attrs []slog.Attr, left *int) {
	for _, a := range attrs {
		addTo(e, a, left)
	}
}
