package watchzap

import (
	"context"
	"fmt"
	"strings"

	"go.uber.org/zap/zapcore"

	"github.com/watchtower-go/watchtower"
)

// writeEncoded has the encoder write the message. An entry that it cannot write
// is not lost: the handler formats it, and says why.
func (c *core) writeEncoded(h *watchtower.Handler, ent zapcore.Entry, fields []zapcore.Field) error {
	msg, err := c.encode(ent, fields)
	if err != nil {
		return c.write(h, ent, fields, err)
	}
	o := newObject()
	defer o.free()
	if !c.within {
		o.addPlain(fields)
	}
	ctx := c.ctx
	for i := range fields {
		if given := contextOf(&fields[i]); given != nil {
			ctx = given
		}
	}
	if ctx.Done() != nil {
		ctx = context.WithoutCancel(ctx) // as Handle, it does not look at that
	}
	return h.Put(ctx, watchtower.Event{
		Time: ent.Time, Level: AtLevel(ent.Level), Message: msg, Attrs: o.attrs,
	})
}

// encode returns what the encoder writes, less a newline at its end.
func (c *core) encode(ent zapcore.Entry, fields []zapcore.Field) (msg string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("!PANIC: %v", p)
		}
	}()
	buf, err := c.encoder.EncodeEntry(ent, fields)
	if err != nil {
		return "", err
	}
	defer buf.Free()
	return strings.TrimSuffix(buf.String(), "\n"), nil
}

// addPlain adds the top-level fields that can name a log stream: those that cost
// nothing to look at.
func (o *object) addPlain(fields []zapcore.Field) {
	for i := range fields {
		switch fields[i].Type {
		case zapcore.NamespaceType:
			return
		case zapcore.ObjectMarshalerType, zapcore.InlineMarshalerType, zapcore.ArrayMarshalerType, zapcore.ReflectType:
		default:
			o.add(&fields[i])
		}
	}
}

// withFields returns a clone of an encoder that has the fields. One that panics
// half-way becomes text.
func withFields(encoder zapcore.Encoder, fields []zapcore.Field) zapcore.Encoder {
	encoder = encoder.Clone()
	for i := range fields {
		f := &fields[i]
		switch f.Type {
		case zapcore.ObjectMarshalerType, zapcore.InlineMarshalerType, zapcore.ArrayMarshalerType, zapcore.ReflectType, zapcore.UnknownType:
			tried := encoder.Clone()
			if p := tryField(tried, f); p != nil {
				encoder.AddString(panicked(f, p))
			} else {
				encoder = tried
			}
		default:
			f.AddTo(encoder)
		}
	}
	return encoder
}

// tryField returns what adding the field panics with.
func tryField(encoder zapcore.Encoder, f *zapcore.Field) (p any) {
	defer func() { p = recover() }()
	f.AddTo(encoder)
	return nil
}
