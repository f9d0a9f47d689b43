package hub

import (
	"net/http"
	"regexp"
	"strconv"
	"time"
)

const (
	attempts    = 5               // of one request, before its refusal counts
	longestWait = 5 * time.Minute // the hub's windows of limits are that long
)

// reset finds the seconds until a limit ends in a RateLimit header, such as "api";r=0;t=55.
var reset = regexp.MustCompile(`;\s*t=(\d+)`)

// pause says whether a refused request may succeed later, and when: where the hub limits its requests or is out of order.
// The hub says how long to wait (Retry-After, or RateLimit as the IETF drafts it); else each wait is twice the last.
func pause(resp *http.Response, attempt int) (wait time.Duration, again bool) {
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
	default:
		return 0, false
	}
	wait = time.Second << attempt
	seconds := resp.Header.Get("Retry-After")
	if m := reset.FindStringSubmatch(resp.Header.Get("RateLimit")); seconds == "" && m != nil {
		seconds = m[1]
	}
	if n, err := strconv.ParseUint(seconds, 10, 31); err == nil {
		wait = time.Duration(n) * time.Second
	}
	return wait, attempt+1 < attempts && wait <= longestWait
}
