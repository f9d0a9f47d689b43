package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// remote speaks the hub's HTTP protocol about one model.
type remote struct {
	endpoint, token, name string
	client                *http.Client
}

func newRemote(c Cache, name string) remote {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = 30 * time.Second
	return remote{c.Endpoint, c.Token, name, &http.Client{Transport: transport, CheckRedirect: redirect}}
}

// redirect follows the hub's redirects. Large files are on other hosts: those must not see the token, and the headers
// of a HEAD request are the hub's own, in the redirect itself.
func redirect(req *http.Request, via []*http.Request) error {
	if len(via) >= 10 {
		return errors.New("redirected 10 times")
	}
	if req.URL.Host != via[0].URL.Host {
		if req.Method == http.MethodHead {
			return http.ErrUseLastResponse
		}
		req.Header.Del("Authorization")
	}
	return nil
}

// do sends a request; an answer of 400 or more is an error.
func (r remote) do(ctx context.Context, method, address string, header http.Header) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, err
	}
	if header != nil {
		req.Header = header
	}
	req.Header.Set("User-Agent", "paperlab")
	req.Header.Set("Accept-Encoding", "identity") // sizes and ranges are those of the file
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 400 {
		_ = resp.Body.Close()
		return nil, r.refusal(resp)
	}
	return resp, nil
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
		hint = fmt.Sprintf(" (accept its terms at %s/%s and set HF_TOKEN)", r.endpoint, r.name)
	case code == "RepoNotFound" && !strings.Contains(r.name, "/"):
		hint = " (give its organisation too, as in google/flan-t5-small)"
	case code == "RepoNotFound", resp.StatusCode == http.StatusUnauthorized, resp.StatusCode == http.StatusForbidden:
		hint = " (if it is private, set HF_TOKEN to a token that may read it)"
	}
	return fmt.Errorf("%s answers %s%s", resp.Request.URL.Redacted(), what, hint)
}

// list returns the commit that a revision stands for, and the model's files there.
func (r remote) list(ctx context.Context, revision string) (commit string, files []string, err error) {
	resp, err := r.do(ctx, http.MethodGet, fmt.Sprintf("%s/api/models/%s/revision/%s", r.endpoint, r.name, url.PathEscape(revision)), nil)
	if err != nil {
		return "", nil, err
	}
	defer resp.Body.Close()
	var model struct {
		SHA      string `json:"sha"`
		Siblings []struct {
			Name string `json:"rfilename"`
		} `json:"siblings"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&model); err != nil {
		return "", nil, fmt.Errorf("%s: not the hub's list of files: %w", resp.Request.URL.Redacted(), err)
	}
	if !commitHash.MatchString(model.SHA) {
		return "", nil, fmt.Errorf("%s: %q is no commit", resp.Request.URL.Redacted(), model.SHA)
	}
	for _, s := range model.Siblings {
		files = append(files, s.Name)
	}
	return model.SHA, files, nil
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
	f := remoteFile{name: name, url: fmt.Sprintf("%s/%s/resolve/%s/%s", r.endpoint, r.name, commit, strings.Join(segments, "/"))}
	resp, err := r.do(ctx, http.MethodHead, f.url, nil)
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
	resp, err := r.do(ctx, http.MethodGet, f.url, header)
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
