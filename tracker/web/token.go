package web

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	_ "embed" // the page that asks for the token
	"encoding/hex"
	"net/http"
	"strings"
)

// NewToken makes a token that cannot be guessed: 26 letters and digits.
func NewToken() string { return strings.ToLower(rand.Text()) }

//go:embed token.html
var tokenPage []byte

// authenticated lets requests through that know the token.
func authenticated(token string, handler http.Handler) http.Handler {
	cookie := cookieFor(token)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		if given := query.Get("token"); given != "" && r.Method == http.MethodGet && same(given, token) {
			// The token must not stay in the address, where it would be shared with it.
			set := *cookie
			set.Secure = r.TLS != nil
			http.SetCookie(w, &set)
			query.Del("token")
			target := *r.URL
			target.RawQuery = query.Encode()
			// Of an address such as //other.site/ only the path is kept, as a path.
			http.Redirect(w, r, "/"+strings.TrimLeft(target.RequestURI(), `/\`), http.StatusSeeOther)
			return
		}
		if knows(r, token, cookie) {
			handler.ServeHTTP(w, r)
			return
		}
		w.Header().Set("WWW-Authenticate", `Bearer realm="paperlab"`)
		if !strings.Contains(r.Header.Get("Accept"), "text/html") {
			http.Error(w, "This server wants the token that it printed when it started: send it as Authorization: Bearer TOKEN.", http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write(tokenPage) // whoever went away does not read it
	})
}

// knows reports whether a request carries the token or its cookie.
func knows(r *http.Request, token string, cookie *http.Cookie) bool {
	if scheme, given, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return same(strings.TrimSpace(given), token)
	}
	given, err := r.Cookie(cookie.Name)
	return err == nil && same(given.Value, cookie.Value)
}

// cookieFor returns the cookie of a token. Browsers share cookies between the ports of a host, so that each token's has a
// name of its own; it holds a hash, from which the token cannot be told.
func cookieFor(token string) *http.Cookie {
	name, value := sha256.Sum256([]byte("name "+token)), sha256.Sum256([]byte("value "+token))
	return &http.Cookie{
		Name: "paperlab-" + hex.EncodeToString(name[:4]), Value: hex.EncodeToString(value[:]),
		Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

// same compares in a time that does not tell how much is equal.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
