package mlflow

import (
	"cmp"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"paperlab/tracker"
)

func (s *server) artifactRoutes(mux *http.ServeMux, api string) {
	handle(mux, "GET "+api+"artifacts", s.listArtifacts)
	mux.HandleFunc("PUT "+api+"artifacts/{path...}", answering(s.upload))
	mux.HandleFunc("GET "+api+"artifacts/{path...}", answering(s.download))
	mux.HandleFunc("DELETE "+api+"artifacts/{path...}", answering(s.deleteArtifacts))
}

// answering reports a failure of a call that reads or writes files.
func answering(call func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := call(w, r); err != nil {
			writeError(w, err)
		}
	}
}

// artifactOf takes apart the path of an artifact, EXPERIMENT/RUN/artifacts/NAME; the name of the root is empty.
func (s *server) artifactOf(ctx context.Context, where string) (run *tracker.Run, name string, err error) {
	parts := strings.SplitN(strings.Trim(where, "/"), "/", 4)
	if len(parts) < 3 || parts[2] != "artifacts" {
		return nil, "", invalid("Invalid path '%.200s': want EXPERIMENT/RUN/artifacts/NAME", where)
	}
	if len(parts) == 4 {
		if name, err = tracker.CleanArtifactName(parts[3]); err != nil {
			return nil, "", err
		}
	}
	run, err = s.run(ctx, runRequest{RunID: parts[1]})
	return run, name, err
}

// newest returns the last version of each of the run's artifacts, by name.
func (s *server) newest(ctx context.Context, run string) (map[string]tracker.Artifact, error) {
	all, err := s.store.Artifacts(ctx, run)
	if err != nil {
		return nil, err
	}
	newest := make(map[string]tracker.Artifact, len(all))
	for _, a := range all {
		newest[a.Name] = a
	}
	return newest, nil
}

// children lists the files and folders in a folder, their paths relative to the run's root.
func (s *server) children(ctx context.Context, run, folder string) ([]fileInfo, error) {
	all, err := s.newest(ctx, run)
	if err != nil {
		return nil, err
	}
	if folder != "" {
		folder += "/"
	}
	files := []fileInfo{}
	folders := map[string]bool{}
	for name, a := range all {
		rest, ok := strings.CutPrefix(name, folder)
		if !ok {
			continue
		}
		first, _, deeper := strings.Cut(rest, "/")
		if !deeper {
			size := integer(a.Size)
			files = append(files, fileInfo{Path: name, Size: &size})
		} else if !folders[first] {
			folders[first] = true
			files = append(files, fileInfo{Path: folder + first, IsDir: true})
		}
	}
	slices.SortFunc(files, func(a, b fileInfo) int { return cmp.Compare(a.Path, b.Path) })
	return files, nil
}

type listRequest struct {
	runRequest
	Path string `json:"path"`
}

func (s *server) listRunArtifacts(ctx context.Context, r listRequest) (any, error) {
	run, err := s.run(ctx, r.runRequest)
	if err != nil {
		return nil, err
	}
	if r.Path != "" {
		if r.Path, err = tracker.CleanArtifactName(strings.TrimSuffix(r.Path, "/")); err != nil {
			return nil, err
		}
	}
	p, err := s.projectOf(ctx, run)
	if err != nil {
		return nil, err
	}
	files, err := s.children(ctx, run.ID, r.Path)
	return map[string]any{"root_uri": info(run, p).ArtifactURI, "files": files}, err
}

// listArtifacts lists a folder by its whole path; the answer has names only.
func (s *server) listArtifacts(ctx context.Context, r listRequest) (any, error) {
	run, name, err := s.artifactOf(ctx, r.Path)
	if err != nil {
		return nil, err
	}
	files, err := s.children(ctx, run.ID, name)
	for i := range files {
		files[i].Path = path.Base(files[i].Path)
	}
	return map[string]any{"files": files}, err
}

// upload keeps a file, as it streams in.
func (s *server) upload(w http.ResponseWriter, r *http.Request) error {
	run, name, err := s.artifactOf(r.Context(), r.PathValue("path"))
	if err != nil {
		return err
	}
	if name == "" {
		return invalid("Invalid path '%.200s': it names no file", r.PathValue("path"))
	}
	if !run.Deleted.IsZero() {
		return notActive("run", run.ID)
	}
	if _, err := s.store.SaveArtifact(r.Context(), run.ID, name, s.clock(), r.Body); err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, none{})
	return nil
}

// download sends the last version of a file. It is never shown in the browser as a page of ours.
func (s *server) download(w http.ResponseWriter, r *http.Request) error {
	run, name, err := s.artifactOf(r.Context(), r.PathValue("path"))
	if err != nil {
		return err
	}
	all, err := s.newest(r.Context(), run.ID)
	if err != nil {
		return err
	}
	artifact, ok := all[name]
	if !ok {
		return missing("No such artifact: '%s'", name)
	}
	content, err := s.store.OpenArtifact(r.Context(), artifact.Hash)
	if err != nil {
		return err
	}
	defer content.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(artifact.Size, 10))
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": path.Base(name)}))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	// What goes wrong from here on the client sees as a body that is too short.
	_, _ = io.Copy(w, content)
	return nil
}

// deleteArtifacts takes a file, or all files in a folder, out of the run.
func (s *server) deleteArtifacts(w http.ResponseWriter, r *http.Request) error {
	run, name, err := s.artifactOf(r.Context(), r.PathValue("path"))
	if err != nil {
		return err
	}
	all, err := s.newest(r.Context(), run.ID)
	if err != nil {
		return err
	}
	for other := range all {
		if other != name && name != "" && !strings.HasPrefix(other, name+"/") {
			continue
		}
		if err := s.store.RemoveArtifact(r.Context(), run.ID, other); err != nil && !errors.Is(err, tracker.ErrNotFound) {
			return err
		}
	}
	writeJSON(w, http.StatusOK, none{})
	return nil
}
