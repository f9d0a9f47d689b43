package web

import (
	"net"
	"net/http"
	"slices"
	"strings"
)

// GuardOptions say whom [Guard] lets in, and how much they may send.
type GuardOptions struct {
	// Token, if it is not empty, must come with every request: as "Authorization: Bearer ...", or in the cookie that a
	// browser gets when it opens an address with ?token=.
	Token string

	// Hosts are the names and addresses, without ports, under which the server may be asked; none: under any. A page of
	// another site that makes its own name point to this machine (DNS rebinding) is refused by it, so a server without a
	// token needs it: see [LoopbackHosts].
	Hosts []string

	// Uploads are the beginnings of the paths to which files are sent: a body may be MaxUpload long there, MaxBody
	// elsewhere.
	Uploads []string
}

// The longest bodies of requests, in bytes.
const (
	MaxBody   = 8 << 20
	MaxUpload = 16 << 30
)

// LoopbackHosts returns the names of the own machine that no other site can claim.
func LoopbackHosts() []string { return []string{"localhost", "127.0.0.1", "::1"} }

// policy lets pages load what this server gives them, and nothing else: no inline script or style, no other host, no
// frame around them. Pictures may also come from the page itself, which draws charts.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; " +
	"font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Guard protects any handler of pages and APIs on a user's machine. It refuses requests under foreign names, without the
// token where there is one, and those by which another site's page would change something; it limits bodies, and forbids
// browsers to run, frame or leak what they are given. Handlers may set a stricter Content-Security-Policy.
//
// The handler is safe for concurrent use if the guarded one is.
func Guard(options GuardOptions, handler http.Handler) http.Handler {
	guarded := http.NewCrossOriginProtection().Handler(limited(options, handler))
	if options.Token != "" {
		guarded = authenticated(options.Token, guarded)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("X-Frame-Options", "DENY") // for browsers that do not know frame-ancestors
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Cache-Control", "no-store")
		if host := hostOf(r); len(options.Hosts) > 0 && !slices.Contains(options.Hosts, host) {
			http.Error(w, "This server is not called "+quoteHost(host)+": ask for "+strings.Join(options.Hosts, ", ")+".", http.StatusMisdirectedRequest)
			return
		}
		guarded.ServeHTTP(patient(w), r)
	})
}

// limited ends bodies that are too long.
func limited(options GuardOptions, handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit := int64(MaxBody)
		if slices.ContainsFunc(options.Uploads, func(prefix string) bool { return strings.HasPrefix(r.URL.Path, prefix) }) {
			limit = MaxUpload
		}
		if r.ContentLength > limit {
			http.Error(w, "The request's body is too long.", http.StatusRequestEntityTooLarge)
			return
		}
		r.Body = http.MaxBytesReader(w, patientBody(w, r.Body), limit)
		handler.ServeHTTP(w, r)
	})
}

// hostOf returns the name under which the server was asked, without the port.
func hostOf(r *http.Request) string {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

// quoteHost makes a foreign name fit to be repeated.
func quoteHost(host string) string {
	if len(host) > 100 {
		host = host[:100]
	}
	return strings.ToValidUTF8(`"`+host+`"`, "?")
}
