package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// remote speaks the hub's HTTP protocol about one repository. Several goroutines may use it.
type remote struct {
	endpoint, token string
	repository      Address
	client          *http.Client
}

func newRemote(c Cache, a Address) remote {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = 30 * time.Second
	return remote{c.Endpoint, c.Token, a, &http.Client{Transport: transport, CheckRedirect: redirect}}
}

// redirect follows the hub's redirects. Large files are on other hosts: those must not see the token, and the headers
// of a HEAD request are the hub's own, in the redirect itself.
func redirect(req *http.Request, via []*http.Request) error {
	if len(via) >= 10 {
		return errors.New("redirected 10 times")
	}
	if req.URL.Host != via[0].URL.Host || req.URL.Scheme != via[0].URL.Scheme {
		if req.Method == http.MethodHead {
			return http.ErrUseLastResponse
		}
		req.Header.Del("Authorization")
	}
	return nil
}

// call is a request to the hub or to the other hosts that it names.
type call struct {
	method, url string
	header      http.Header
	body        *io.SectionReader // nil for none
}

// do sends a request, again where the hub asks to wait or is out of order; another answer of 400 or more is an error.
func (r remote) do(ctx context.Context, c call) (*http.Response, error) {
	for attempt := 0; ; attempt++ {
		resp, err := r.once(ctx, c)
		if unreachable := (*net.OpError)(nil); errors.As(err, &unreachable) && unreachable.Op == "dial" {
			return nil, fmt.Errorf("%w (is this machine online? HF_ENDPOINT names a mirror; what was fetched before works without the hub)", err)
		}
		if err != nil || resp.StatusCode < 400 {
			return resp, err
		}
		_ = resp.Body.Close()
		wait, again := pause(resp, attempt)
		if !again {
			return nil, r.refusal(resp)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
		}
	}
}

func (r remote) once(ctx context.Context, c call) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, c.method, c.url, nil)
	if err != nil {
		return nil, err
	}
	if c.header != nil {
		req.Header = c.header.Clone()
	}
	if c.body != nil {
		req.ContentLength = c.body.Size()
		req.GetBody = func() (io.ReadCloser, error) {
			return io.NopCloser(io.NewSectionReader(c.body, 0, c.body.Size())), nil
		}
		if req.Body, err = req.GetBody(); err != nil {
			return nil, err
		}
	}
	req.Header.Set("User-Agent", "paperlab")
	req.Header.Set("Accept-Encoding", "identity") // sizes and ranges are those of the file
	if r.token != "" && strings.HasPrefix(c.url, r.endpoint+"/") {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	return r.client.Do(req)
}

// refusal turns an error answer into what the user can do about it.
func (r remote) refusal(resp *http.Response) error {
	what := resp.Status
	if message := resp.Header.Get("X-Error-Message"); message != "" {
		what += ", " + message
	}
	hint := ""
	switch code := resp.Header.Get("X-Error-Code"); {
	case code == "GatedRepo":
		hint = fmt.Sprintf(" (accept its terms at %s/%s and set HF_TOKEN, or log in with `hf auth login`)", r.endpoint, r.repository.route())
	case resp.StatusCode == http.StatusTooManyRequests:
		hint = " (the hub limits how much is asked of it: try later, or set HF_TOKEN, which may ask more often)"
	case code == "RepoNotFound" && !strings.Contains(r.repository.Name, "/"):
		hint = " (give its organisation too, as in google/flan-t5-small)"
	case resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden, code == "RepoNotFound":
		hint = " (if it is private, set HF_TOKEN to a token that may read it)"
		if resp.Request.Method != http.MethodGet && resp.Request.Method != http.MethodHead {
			hint = " (set HF_TOKEN to a token that may write to it)"
		}
	}
	return &refusedError{resp.StatusCode, fmt.Sprintf("%s answers %s%s", address(resp.Request.URL), what, hint)}
}

// refusedError is an answer of 400 or more.
type refusedError struct {
	status int
	text   string
}

func (e *refusedError) Error() string { return e.text }

// address is a URL as errors show it: without passwords, and without queries, where storage has its signatures.
func address(u *url.URL) string {
	shown := *u
	shown.RawQuery = ""
	return shown.Redacted()
}

// api is the address of something that the hub's API does with a revision of the repository.
func (r remote) api(what, revision string) string {
	kind := "models"
	if r.repository.Dataset {
		kind = "datasets"
	}
	return fmt.Sprintf("%s/api/%s/%s/%s/%s", r.endpoint, kind, r.repository.Name, what, url.PathEscape(revision))
}

// list returns the commit that a revision stands for, and the repository's files there.
func (r remote) list(ctx context.Context, revision string) (commit string, files []string, err error) {
	resp, err := r.do(ctx, call{method: http.MethodGet, url: r.api("revision", revision)})
	if err != nil {
		return "", nil, err
	}
	defer resp.Body.Close()
	var listed struct {
		SHA      string `json:"sha"`
		Siblings []struct {
			Name string `json:"rfilename"`
		} `json:"siblings"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&listed); err != nil {
		return "", nil, fmt.Errorf("%s: not the hub's list of files: %w", resp.Request.URL.Redacted(), err)
	}
	if !commitHash.MatchString(listed.SHA) {
		return "", nil, fmt.Errorf("%s: %q is no commit", resp.Request.URL.Redacted(), listed.SHA)
	}
	for _, s := range listed.Siblings {
		files = append(files, s.Name)
	}
	return listed.SHA, files, nil
}

// remoteFile is one version of a file on the hub.
type remoteFile struct {
	name, url string
	etag      string // SHA-256 of a large file, git's SHA-1 of a small one
	size      int64
}

// stat asks for a file's hash and size.
func (r remote) stat(ctx context.Context, commit, name string) (remoteFile, error) {
	segments := strings.Split(name, "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	f := remoteFile{name: name, url: fmt.Sprintf("%s/%s/resolve/%s/%s", r.endpoint, r.repository.route(), commit, strings.Join(segments, "/"))}
	resp, err := r.do(ctx, call{method: http.MethodHead, url: f.url})
	if err != nil {
		return f, err
	}
	_ = resp.Body.Close()
	first := func(names ...string) (value string) {
		for _, n := range names {
			if value = resp.Header.Get(n); value != "" {
				break
			}
		}
		return value
	}
	f.etag = strings.Trim(strings.TrimPrefix(first("X-Linked-Etag", "Etag"), "W/"), `"`)
	if !etagName.MatchString(f.etag) {
		return f, fmt.Errorf("%s: the hub names no usable ETag (%q)", f.url, f.etag)
	}
	if f.size, err = strconv.ParseInt(first("X-Linked-Size", "Content-Length"), 10, 64); err != nil || f.size < 0 {
		return f, fmt.Errorf("%s: the hub does not say how large it is", f.url)
	}
	return f, nil
}

// open returns a file's contents from an offset on, or from the start if the server does not do that: begin says
// where.
func (r remote) open(ctx context.Context, f remoteFile, offset int64) (body io.ReadCloser, begin int64, err error) {
	header := http.Header{}
	if offset > 0 {
		header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
	}
	resp, err := r.do(ctx, call{method: http.MethodGet, url: f.url, header: header})
	if err != nil {
		return nil, 0, err
	}
	if resp.StatusCode == http.StatusPartialContent {
		if got := resp.Header.Get("Content-Range"); !strings.HasPrefix(got, fmt.Sprintf("bytes %d-", offset)) {
			_ = resp.Body.Close()
			return nil, 0, fmt.Errorf("%s: asked for bytes from %d, got %q", f.url, offset, got)
		}
		return resp.Body, offset, nil
	}
	return resp.Body, 0, nil
}
