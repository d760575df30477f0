package cwlocal

import (
	"fmt"

	"github.com/watchtower-go/watchtower/cwlocal/internal/wire"
)

// members say where the members of a request go, by name: to a *string, *int64
// or *bool that stays nil if there is none, a list or a map of strings.
type members map[string]any

// read reads a request whose members are plain.
func (c *call) read(m members) error {
	return c.decode(func(name string, d *wire.Decoder) bool {
		switch to := m[name].(type) {
		case nil:
			return false
		case **string:
			*to = d.String()
		case **int64:
			*to = d.Int64()
		case **bool:
			*to = d.Bool()
		case *[]string:
			*to = d.Strings()
		case *map[string]string:
			*to = d.Map()
		default:
			panic(fmt.Sprintf("cwlocal: no member of a request is a %T", to))
		}
		return true
	})
}
