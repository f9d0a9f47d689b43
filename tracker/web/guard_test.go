package web_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"paperlab/tracker/web"
)

const token = "a-token-nobody-guesses"

// guarded answers one request as a guard with these options does. The handler behind it says what it read.
func guarded(options web.GuardOptions, r *http.Request) *httptest.ResponseRecorder {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var long *http.MaxBytesError
		if errors.As(err, &long) {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		io.WriteString(w, "behind the guard: "+string(body[:min(len(body), 20)]))
	})
	w := httptest.NewRecorder()
	web.Guard(options, handler).ServeHTTP(w, r)
	return w
}

func request(method, target string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

func TestWhomTheGuardLetsIn(t *testing.T) {
	local := web.GuardOptions{Hosts: web.LoopbackHosts()}
	remote := web.GuardOptions{Token: token}
	for name, c := range map[string]struct {
		options web.GuardOptions
		request *http.Request
		want    int
	}{
		"by the machine's own name":                    {local, request("GET", "http://localhost:7272/"), 200},
		"by the machine's own address":                 {local, request("GET", "http://127.0.0.1:7272/"), 200},
		"by the machine's own IPv6 address":            {local, request("GET", "http://[::1]:7272/"), 200},
		"by its name in capitals with a dot":           {local, request("GET", "http://LOCALHOST.:7272/"), 200},
		"by another site's name":                       {local, request("GET", "http://evil.example:7272/"), 421},
		"by another site's name that begins so":        {local, request("GET", "http://localhost.evil.example/"), 421},
		"a program without an origin may change":       {local, request("POST", "http://localhost/"), 200},
		"the own page may change":                      {local, request("POST", "http://localhost/", "Sec-Fetch-Site", "same-origin"), 200},
		"the own page may change, in an older browser": {local, request("POST", "http://localhost/", "Origin", "http://localhost"), 200},
		"another site's page may not change":           {local, request("POST", "http://localhost/", "Sec-Fetch-Site", "cross-site"), 403},
		"another port's page may not change":           {local, request("PATCH", "http://localhost/", "Sec-Fetch-Site", "same-site"), 403},
		"another site's page, in an older browser":     {local, request("DELETE", "http://localhost/", "Origin", "https://evil.example"), 403},
		"a page in a sandbox may not change":           {local, request("POST", "http://localhost/", "Origin", "null"), 403},
		"with the token, by any name":                  {remote, request("GET", "http://gpu-box:7272/", "Authorization", "Bearer "+token), 200},
		"with the token, in lower case":                {remote, request("GET", "http://gpu-box/", "Authorization", "bearer "+token), 200},
		"without the token":                            {remote, request("GET", "http://gpu-box/"), 401},
		"with another token":                           {remote, request("GET", "http://gpu-box/", "Authorization", "Bearer "+token+"x"), 401},
		"with a beginning of the token":                {remote, request("GET", "http://gpu-box/", "Authorization", "Bearer "+token[:5]), 401},
		"with an empty token":                          {remote, request("GET", "http://gpu-box/", "Authorization", "Bearer "), 401},
		"with the token as a password":                 {remote, request("GET", "http://gpu-box/", "Authorization", "Basic "+token), 401},
		"with the token in an address that changes":    {remote, request("POST", "http://gpu-box/?token="+token), 401},
		"with a wrong token in the address":            {remote, request("GET", "http://gpu-box/?token=guess"), 401},
		"another site's page, although with the token": {remote, request("POST", "http://gpu-box/", "Authorization", "Bearer "+token, "Sec-Fetch-Site", "cross-site"), 403},
	} {
		t.Run(name, func(t *testing.T) {
			w := guarded(c.options, c.request)
			if w.Code != c.want || (w.Code == 200) != strings.HasPrefix(w.Body.String(), "behind") {
				t.Errorf("got %d %q, want %d", w.Code, w.Body, c.want)
			}
		})
	}
}

func TestABrowserGetsInOnceByTheAddress(t *testing.T) {
	options := web.GuardOptions{Token: token}
	w := guarded(options, request("GET", "http://gpu-box/runs/x?tab=console&token="+token))
	if w.Code != 303 || w.Header().Get("Location") != "/runs/x?tab=console" {
		t.Fatalf("got %d to %q", w.Code, w.Header().Get("Location"))
	}
	cookie := w.Result().Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || strings.Contains(cookie.Value, token) {
		t.Errorf("the cookie is %v", cookie)
	}
	next := request("GET", "http://gpu-box/runs/x?tab=console")
	next.AddCookie(cookie)
	if w := guarded(options, next); w.Code != 200 {
		t.Errorf("with the cookie: %d", w.Code)
	}
	if w := guarded(web.GuardOptions{Token: token + "2"}, next); w.Code != 401 {
		t.Errorf("with the cookie of another token: %d", w.Code)
	}
	if w := guarded(options, request("GET", "http://gpu-box//evil.example/?token="+token)); w.Header().Get("Location") != "/evil.example/" {
		t.Errorf("led to %q", w.Header().Get("Location"))
	}
}

func TestWhoComesWithoutATokenIsToldHow(t *testing.T) {
	page := guarded(web.GuardOptions{Token: token}, request("GET", "http://gpu-box/", "Accept", "text/html,*/*"))
	if page.Code != 401 || !strings.Contains(page.Body.String(), `name="token"`) || strings.Contains(page.Body.String(), token) {
		t.Errorf("got %d %s", page.Code, page.Body)
	}
	program := guarded(web.GuardOptions{Token: token}, request("GET", "http://gpu-box/api/runs"))
	if program.Code != 401 || program.Header().Get("WWW-Authenticate") == "" || !strings.Contains(program.Body.String(), "Bearer") {
		t.Errorf("got %d %s", program.Code, program.Body)
	}
}

func TestBrowsersAreForbiddenWhatPagesDoNotNeed(t *testing.T) {
	header := guarded(web.GuardOptions{}, request("GET", "http://localhost/")).Header()
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
		"Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store",
	} {
		if header.Get(name) != want {
			t.Errorf("%s: %q", name, header.Get(name))
		}
	}
	policy := header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %s: %s", want, policy)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
		t.Errorf("the policy allows too much: %s", policy)
	}
}

func TestBodiesAreLimited(t *testing.T) {
	options := web.GuardOptions{Uploads: []string{"/files/"}}
	long := strings.Repeat("x", web.MaxBody+1)
	send := func(path string, body io.Reader) int {
		return guarded(options, httptest.NewRequest("POST", "http://localhost"+path, body)).Code
	}
	if code := send("/api", strings.NewReader(long)); code != 413 {
		t.Errorf("a long body gave %d", code)
	}
	if code := send("/api", io.MultiReader(strings.NewReader(long))); code != 413 { // whose length is not told before
		t.Errorf("a long stream gave %d", code)
	}
	if code := send("/files/a", strings.NewReader(long)); code != 200 {
		t.Errorf("a file gave %d", code)
	}
}

func TestTokensAreLongAndNeverTheSame(t *testing.T) {
	a, b := web.NewToken(), web.NewToken()
	if a == b || len(a) < 26 {
		t.Errorf("got %q and %q", a, b)
	}
}

func TestServeEndsOpenStreamsAndLetsRequestsEnd(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	entered, leave := make(chan bool, 2), make(chan bool)
	mux := http.NewServeMux()
	mux.HandleFunc("/stream", func(w http.ResponseWriter, r *http.Request) {
		http.NewResponseController(w).Flush()
		entered <- true
		<-ctx.Done() // as the dashboard's events do
	})
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		entered <- true
		<-leave
		io.WriteString(w, "done")
	})
	ended := make(chan error)
	go func() {
		ended <- web.Serve(ctx, listener, web.Guard(web.GuardOptions{}, mux), log.New(io.Discard, "", 0))
	}()
	answers := make(chan string, 2)
	for _, path := range []string{"/stream", "/slow"} {
		go func() {
			answer, err := http.Get("http://" + listener.Addr().String() + path)
			if err != nil {
				answers <- err.Error()
				return
			}
			defer answer.Body.Close()
			body, _ := io.ReadAll(answer.Body)
			answers <- path + " " + string(body)
		}()
		<-entered
	}
	end()
	leave <- true
	if a, b := <-answers, <-answers; a != "/slow done" && b != "/slow done" {
		t.Errorf("got %q and %q", a, b)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// guardedPage is a page of HTML behind a guard.
func guardedPage(html string) http.Handler {
	return web.Guard(web.GuardOptions{}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, html)
	}))
}
