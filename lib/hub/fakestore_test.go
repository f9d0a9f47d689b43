package hub_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"paperlab/lib/hub"
)

const writeToken = "hf_write"

// fakeStore takes commits to one repository as the hub does, and refuses what is not its protocol. Files of more than 100
// bytes belong into large file storage, which is on another host: below 1000 bytes in one piece, else in pieces of 400.
type fakeStore struct {
	t         *testing.T
	site, cdn *httptest.Server

	mu       sync.Mutex
	made     bool              // the repository
	pieces   map[string]string // by oid/number
	objects  map[string]string // by oid
	verified map[string]bool
	files    map[string]string // of the last commit
	sent     int               // requests to the other host
	lose     bool              // the other host keeps half of what it is sent
	busy     bool              // the other host's next answer is 503
}

func newFakeStore(t *testing.T) *fakeStore {
	s := &fakeStore{t: t, pieces: map[string]string{}, objects: map[string]string{}, verified: map[string]bool{}, files: map[string]string{}}
	s.mu.Lock() // whom another process asks must see both hosts
	defer s.mu.Unlock()
	s.cdn = httptest.NewServer(http.HandlerFunc(s.serveCDN))
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/repos/create", s.create)
	mux.HandleFunc("POST /api/validate-yaml", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"errors":[],"warnings":[]}`) })
	mux.HandleFunc("POST /api/models/me/papers/preupload/main", s.preupload)
	mux.HandleFunc("POST /me/papers.git/info/lfs/objects/batch", s.batch)
	mux.HandleFunc("POST /verify", s.verify)
	mux.HandleFunc("POST /complete/{oid}", s.complete)
	mux.HandleFunc("POST /api/models/me/papers/commit/main", s.commit)
	s.site = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if got := r.Header.Get("Authorization"); got != "Bearer "+writeToken && !strings.HasPrefix(r.URL.Path, "/complete/") {
			refuse(w, http.StatusForbidden, "Forbidden")
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.site.Close)
	t.Cleanup(s.cdn.Close)
	return s
}

func (s *fakeStore) cache() hub.Cache { return hub.Cache{Endpoint: s.site.URL, Token: writeToken} }

// read decodes a request's body, and refuses one that is not of that form.
func read(w http.ResponseWriter, r *http.Request, v any) bool {
	if err := json.NewDecoder(r.Body).Decode(v); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

func (s *fakeStore) create(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Name, Organization string }
	switch {
	case !read(w, r, &asked):
	case asked.Name != "papers" || asked.Organization != "me":
		refuse(w, http.StatusForbidden, "NotYours")
	case s.made:
		refuse(w, http.StatusConflict, "RepoExists")
	default:
		s.made = true
		fmt.Fprintf(w, `{"url":"%s/me/papers"}`, s.site.URL)
	}
}

func (s *fakeStore) preupload(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Files []struct {
			Path, Sample string
			Size         *int
		}
	}
	if !read(w, r, &asked) {
		return
	}
	var answer []map[string]any
	for _, f := range asked.Files {
		sample, err := base64.StdEncoding.DecodeString(f.Sample)
		if f.Size == nil || err != nil || len(sample) != min(*f.Size, 512) {
			refuse(w, http.StatusBadRequest, "NoSample")
			return
		}
		mode := "regular"
		if *f.Size > 100 || strings.HasSuffix(f.Path, ".safetensors") {
			mode = "lfs"
		}
		answer = append(answer, map[string]any{"path": f.Path, "uploadMode": mode, "shouldIgnore": strings.HasSuffix(f.Path, ".log")})
	}
	json.NewEncoder(w).Encode(map[string]any{"files": answer})
}

func (s *fakeStore) batch(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Operation string
		Transfers []string
		HashAlgo  string `json:"hash_algo"`
		Objects   []struct {
			OID  string
			Size int
		}
	}
	if !read(w, r, &asked) {
		return
	}
	if r.Header.Get("Content-Type") != "application/vnd.git-lfs+json" || r.Header.Get("Accept") != "application/vnd.git-lfs+json" || asked.Operation != "upload" || asked.HashAlgo != "sha256" {
		refuse(w, http.StatusUnprocessableEntity, "NotLFS")
		return
	}
	var answer []map[string]any
	for _, o := range asked.Objects {
		entry := map[string]any{"oid": o.OID, "size": o.Size}
		switch _, there := s.objects[o.OID]; {
		case there:
		case o.Size < 1000:
			entry["actions"] = map[string]any{
				"upload": map[string]any{"href": s.cdn.URL + "/" + o.OID + "/1?signature=secret"},
				"verify": map[string]any{"href": s.site.URL + "/verify"},
			}
		default:
			header := map[string]string{"chunk_size": "400"}
			for i := range (o.Size + 399) / 400 {
				header[fmt.Sprintf("%05d", i+1)] = fmt.Sprintf("%s/%s/%d?signature=secret", s.cdn.URL, o.OID, i+1)
			}
			entry["actions"] = map[string]any{
				"upload": map[string]any{"href": s.site.URL + "/complete/" + o.OID, "header": header},
				"verify": map[string]any{"href": s.site.URL + "/verify"},
			}
		}
		answer = append(answer, entry)
	}
	json.NewEncoder(w).Encode(map[string]any{"transfer": "basic", "objects": answer})
}

// serveCDN takes pieces; a piece that is the whole object is one.
func (s *fakeStore) serveCDN(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent++
	if r.Header.Get("Authorization") != "" {
		s.t.Error("the other host saw the token")
	}
	content, err := io.ReadAll(r.Body)
	if err != nil || r.Method != http.MethodPut || r.ContentLength < 0 || len(r.TransferEncoding) > 0 {
		w.WriteHeader(http.StatusNotImplemented)
		return
	}
	if s.busy {
		s.busy = false
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if s.lose {
		content = content[:len(content)/2]
	}
	s.pieces[r.URL.Path[1:]] = string(content)
	oid, _, _ := strings.Cut(r.URL.Path[1:], "/")
	s.keep(oid, string(content))
	w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(content)))
}

func (s *fakeStore) keep(oid, content string) {
	if fmt.Sprintf("%x", sha256.Sum256([]byte(content))) == oid {
		s.objects[oid] = content
	}
}

func (s *fakeStore) complete(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		OID   string
		Parts []struct {
			PartNumber int
			ETag       string
		}
	}
	if !read(w, r, &asked) {
		return
	}
	var content string
	for i, part := range asked.Parts {
		piece, ok := s.pieces[fmt.Sprintf("%s/%d", asked.OID, part.PartNumber)]
		if part.PartNumber != i+1 || !ok || part.ETag != fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(piece))) {
			refuse(w, http.StatusBadRequest, "InvalidPart")
			return
		}
		content += piece
	}
	s.keep(asked.OID, content)
}

func (s *fakeStore) verify(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		OID  string
		Size int
	}
	if !read(w, r, &asked) {
		return
	}
	if content, ok := s.objects[asked.OID]; !ok || len(content) != asked.Size {
		refuse(w, http.StatusNotFound, "NotArrived")
		return
	}
	s.verified[asked.OID] = true
}

func (s *fakeStore) commit(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Content-Type") != "application/x-ndjson" {
		refuse(w, http.StatusUnsupportedMediaType, "NotLines")
		return
	}
	files, summary := map[string]string{}, ""
	lines := bufio.NewScanner(r.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct {
			Key   string
			Value struct {
				Summary, Path, Encoding, Content, Algo, OID string
				Size                                        int
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			refuse(w, http.StatusBadRequest, "NotLines")
			return
		}
		v := line.Value
		content, err := base64.StdEncoding.DecodeString(v.Content)
		switch {
		case line.Key == "header" && summary == "" && v.Summary != "":
			summary = v.Summary
		case line.Key == "file" && summary != "" && v.Encoding == "base64" && err == nil:
			files[v.Path] = string(content)
		case line.Key == "lfsFile" && v.Algo == "sha256" && s.verified[v.OID] && v.Size == len(s.objects[v.OID]):
			files[v.Path] = s.objects[v.OID]
		default:
			refuse(w, http.StatusBadRequest, "BadLine"+line.Key)
			return
		}
	}
	s.files = files
	fmt.Fprintf(w, `{"success":true,"commitOid":%q,"commitUrl":"%s/me/papers/commit/%s"}`, commit, s.site.URL, commit)
}
