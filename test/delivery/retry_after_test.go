package delivery_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/watchtower-go/watchtower"
)

// An answer that asks for a pause of decades comes from a proxy that is
// mistaken, not from the service.
func TestAnAbsurdRetryAfterNeitherStopsNorRushesDelivery(t *testing.T) {
	for name, after := range map[string]string{
		"68 years":  "2147483647",
		"year 9999": "Fri, 31 Dec 9999 23:59:59 GMT",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				st := newStage(t, watchtower.Options{})
				create(t, st.server, "s")
				begin, puts := time.Now(), 0
				st.network(func(r *http.Request) (*http.Response, error) {
					if puts++; time.Since(begin) > time.Minute || puts > 1000 {
						return nil, nil
					}
					return unavailable(r, after), nil
				})
				st.log(1)
				st.within(24 * time.Hour)
				if puts > 100 {
					t.Errorf("%d requests in the first %v of an outage", puts, time.Since(begin))
				}
			})
		})
	}
}
