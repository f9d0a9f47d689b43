package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed page
var files embed.FS

// addPage serves the page under each address that it has, and the files that it consists of.
func addPage(mux *http.ServeMux) {
	index := indexPage()
	for _, pattern := range []string{"GET /{$}", "GET /bin", "GET /compare", "GET /runs/{id}"} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(index)
		})
	}
	mux.HandleFunc("GET /page/{path...}", asset)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "There is no such page: the dashboard is at /.", http.StatusNotFound)
	})
}

// indexPage names all modules in the page's head, so that a browser asks for them at once and not one after the other.
func indexPage() []byte {
	page, _ := files.ReadFile("page/index.html") // embedded
	var head bytes.Buffer
	scripts, _ := fs.Glob(files, "page/js/*.js")
	for _, script := range scripts {
		head.WriteString(`<link rel="modulepreload" href="/` + script + "\">\n")
	}
	return bytes.Replace(page, []byte("<!-- modules -->\n"), head.Bytes(), 1)
}

var kinds = map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}

// asset serves a file of the page. A browser keeps it and asks whether it is still the same.
func asset(w http.ResponseWriter, r *http.Request) {
	name := "page/" + r.PathValue("path")
	content, err := files.ReadFile(name)
	kind, served := kinds[path.Ext(name)]
	if err != nil || !served {
		http.NotFound(w, r)
		return
	}
	hash := sha256.Sum256(content)
	tag := `"` + hex.EncodeToString(hash[:8]) + `"`
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("ETag", tag)
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(content)
}
