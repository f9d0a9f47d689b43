package hub_test

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"paperlab/lib/hub"
)

const (
	name   = "google/tiny"
	commit = "0123456789abcdef0123456789abcdef01234567"
)

// fakeHub behaves as the hub does about one model, or one data set: a list of files, small files served by itself under their git
// SHA-1, large ones (*.safetensors, *.bin) under their SHA-256 by redirection to another host.
type fakeHub struct {
	site, cdn *httptest.Server
	files     map[string]string

	dataset     bool          // the files are a data set's, of the same name
	longer      int           // the lengths that it names are wrong by so much
	together    chan struct{} // with room for n: the other host serves nothing before n requests are there
	mu          sync.Mutex
	refusals    int               // the next requests are answered 429
	busy        map[string]string // with these headers
	onRefusal   func()
	commit      string
	token       string // required if not empty
	cuts        []int  // the first requests to the other host break after so many bytes
	noRange     bool   // the other host ignores Range
	shift       int    // the other host answers a Range with bytes from so much later
	damage      bool   // the other host serves other bytes
	stall       bool   // the other host stops in the middle until the client goes away
	seen        []string
	cdnSawToken bool
}

func newFakeHub(t *testing.T, files map[string]string) *fakeHub {
	h := &fakeHub{files: files, commit: commit}
	h.mu.Lock() // whom another process asks must see both hosts
	defer h.mu.Unlock()
	h.site = httptest.NewServer(http.HandlerFunc(h.serveSite))
	h.cdn = httptest.NewServer(http.HandlerFunc(h.serveCDN))
	t.Cleanup(h.site.Close)
	t.Cleanup(h.cdn.Close)
	return h
}

func (h *fakeHub) cache(t *testing.T) hub.Cache {
	return hub.Cache{Dir: t.TempDir(), Endpoint: h.site.URL}
}

// change gives the hub other contents.
func (h *fakeHub) change(commit string, dataset bool, files map[string]string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.commit, h.dataset, h.files = commit, dataset, files
}

// requests returns what was asked of both hosts since the last call.
func (h *fakeHub) requests() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	seen := h.seen
	h.seen = nil
	return seen
}

func (h *fakeHub) note(r *http.Request) {
	line := r.Method + " " + r.URL.EscapedPath()
	if ranges := r.Header.Get("Range"); ranges != "" {
		line += " " + ranges
	}
	h.seen = append(h.seen, line)
}

func large(file string) bool {
	return strings.HasSuffix(file, ".safetensors") || strings.HasSuffix(file, ".bin") || strings.HasSuffix(file, ".parquet")
}

func etag(file, content string) string {
	if large(file) {
		return fmt.Sprintf("%x", sha256.Sum256([]byte(content)))
	}
	return fmt.Sprintf("%x", sha1.Sum(fmt.Appendf(nil, "blob %d\x00%s", len(content), content)))
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("X-Error-Code", code)
	w.Header().Set("X-Error-Message", code+" it is")
	w.WriteHeader(status)
}

func (h *fakeHub) serveSite(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.note(r)
	if h.refusals > 0 {
		h.refusals--
		for header, value := range h.busy {
			w.Header().Set(header, value)
		}
		if h.onRefusal != nil {
			h.onRefusal()
		}
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	if h.token != "" && r.Header.Get("Authorization") != "Bearer "+h.token {
		refuse(w, http.StatusForbidden, "GatedRepo")
		return
	}
	api, page := "/api/models/", "/"
	if h.dataset {
		api, page = "/api/datasets/", "/datasets/"
	}
	if revision, ok := strings.CutPrefix(r.URL.Path, api+name+"/revision/"); ok {
		if !slices.Contains([]string{"main", "refs/pr/1", "refs/convert/parquet", h.commit}, revision) {
			refuse(w, http.StatusNotFound, "RevisionNotFound")
			return
		}
		h.list(w)
		return
	}
	if file, ok := strings.CutPrefix(r.URL.Path, "/google/renamed/resolve/"+h.commit+"/"); ok {
		h.resolve(w, r, file)
		return
	}
	if rest, ok := strings.CutPrefix(r.URL.Path, page+name+"/resolve/"+h.commit+"/"); ok {
		// A model that was renamed redirects on the same host.
		w.Header().Set("Location", "/google/renamed/resolve/"+h.commit+"/"+rest)
		w.WriteHeader(http.StatusTemporaryRedirect)
		return
	}
	refuse(w, http.StatusUnauthorized, "RepoNotFound")
}

func (h *fakeHub) list(w http.ResponseWriter) {
	var siblings []map[string]string
	for file := range h.files {
		siblings = append(siblings, map[string]string{"rfilename": file})
	}
	json.NewEncoder(w).Encode(map[string]any{"id": name, "sha": h.commit, "siblings": siblings})
}

func (h *fakeHub) resolve(w http.ResponseWriter, r *http.Request, file string) {
	content, ok := h.files[file]
	if !ok {
		refuse(w, http.StatusNotFound, "EntryNotFound")
		return
	}
	w.Header().Set("X-Repo-Commit", h.commit)
	if large(file) {
		w.Header().Set("X-Linked-Etag", `"`+etag(file, content)+`"`)
		w.Header().Set("X-Linked-Size", strconv.Itoa(len(content)+h.longer))
		http.Redirect(w, r, h.cdn.URL+"/"+file, http.StatusFound)
		return
	}
	w.Header().Set("ETag", `W/"`+etag(file, content)+`"`)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	if r.Method == http.MethodGet {
		fmt.Fprint(w, content)
	}
}

func (h *fakeHub) serveCDN(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.note(r)
	h.cdnSawToken = h.cdnSawToken || r.Header.Get("Authorization") != ""
	content := h.files[strings.TrimPrefix(r.URL.Path, "/")]
	if h.damage {
		content = strings.ToUpper(content)
	}
	from := 0
	if ranges := r.Header.Get("Range"); ranges != "" && !h.noRange {
		fmt.Sscanf(ranges, "bytes=%d-", &from)
		from += h.shift
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(content)-1, len(content)))
	}
	end := len(content)
	if len(h.cuts) > 0 {
		end = min(end, from+h.cuts[0])
		h.cuts = h.cuts[1:]
	}
	stall := h.stall
	h.mu.Unlock()
	if h.together != nil {
		h.arrive()
	}

	w.Header().Set("Content-Length", strconv.Itoa(len(content)-from))
	if w.Header().Get("Content-Range") != "" {
		w.WriteHeader(http.StatusPartialContent)
	}
	fmt.Fprint(w, content[from:end])
	if end < len(content) {
		w.(http.Flusher).Flush()
		if stall {
			<-r.Context().Done()
		}
		panic(http.ErrAbortHandler) // breaks the connection
	}
}

// arrive waits until as many requests are there as the channel has room for.
func (h *fakeHub) arrive() {
	h.together <- struct{}{}
	for len(h.together) < cap(h.together) {
		runtime.Gosched()
	}
}
