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
	if len(c.inner.open) == 0 {
		o.addPlain(fields)
	}
	return h.Put(context.Background(), watchtower.Event{
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
	for _, f := range fields {
		switch f.Type {
		case zapcore.NamespaceType:
			return
		case zapcore.ObjectMarshalerType, zapcore.InlineMarshalerType, zapcore.ArrayMarshalerType, zapcore.ReflectType:
		default:
			o.add(f)
		}
	}
}
