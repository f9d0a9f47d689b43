package page

import (
	"embed"
	"net/http"
)

//go:embed files
var files embed.FS

// addFiles serves what the page consists of.
func addFiles(mux *http.ServeMux) {
	for pattern, file := range map[string]struct{ name, kind string }{
		"GET /{$}":             {"index.html", "text/html; charset=utf-8"},
		"GET /page/search.css": {"search.css", "text/css; charset=utf-8"},
		"GET /page/search.js":  {"search.js", "text/javascript; charset=utf-8"},
		"GET /page/icon.svg":   {"icon.svg", "image/svg+xml"},
	} {
		content, _ := files.ReadFile("files/" + file.name) // embedded
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", file.kind)
			_, _ = w.Write(content)
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "There is no such page: the search is at /.", http.StatusNotFound)
	})
}
