package web

import (
	"encoding/csv"
	"errors"
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"paperlab/tracker"
)

// picture are the types that a browser may take a file for. Everything else that a run left behind, a page of HTML above
// all, is only ever a file to save.
var picture = []string{"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"}

// attach makes the answer a file to save, which a browser neither shows nor runs if someone opens its address. A picture
// still shows within a page of ours.
func attach(w http.ResponseWriter, name, kind string) {
	header := w.Header()
	header.Set("Content-Type", kind)
	header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	header.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
}

// file answers with the content of one of a run's artifacts or images, by its hash.
func (d *dashboard) file(w http.ResponseWriter, r *http.Request) error {
	id, hash := r.PathValue("id"), r.PathValue("hash")
	artifacts, err := d.store.Artifacts(r.Context(), id)
	if err != nil {
		return err
	}
	images, err := d.store.Images(r.Context(), id, "")
	if err != nil {
		return err
	}
	name, kind := hash[:min(len(hash), 12)], "application/octet-stream"
	var size int64
	if i := slices.IndexFunc(artifacts, func(a tracker.Artifact) bool { return a.Hash == hash }); i >= 0 {
		name, size = path.Base(artifacts[i].Name), artifacts[i].Size
	} else if i := slices.IndexFunc(images, func(i tracker.Image) bool { return i.Hash == hash }); i >= 0 {
		size = images[i].Size
		if slices.Contains(picture, images[i].MIME) {
			kind = images[i].MIME
			name += "." + strings.TrimSuffix(path.Base(kind), "+xml")
		}
	} else {
		return notFound("find in run "+id+" file", hash)
	}
	content, err := d.store.OpenArtifact(r.Context(), hash)
	if err != nil {
		return err
	}
	defer content.Close()
	attach(w, name, kind)
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	_, _ = io.Copy(w, content) // too few bytes tell the browser that it failed
	return nil
}

// csv answers with all points of one key of some runs, as they were logged.
func (d *dashboard) csv(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	ids, err := runsAsked(q)
	if err != nil {
		return err
	}
	found, err := d.store.Series(r.Context(), ids...)
	if err != nil {
		return err
	}
	attach(w, strings.ReplaceAll(q.Get("key"), "/", "-")+".csv", "text/csv; charset=utf-8")
	table := csv.NewWriter(w)
	failed := table.Write([]string{"run", "key", "context", "session", "step", "time", "value"})
	for _, s := range found {
		if s.Key != q.Get("key") {
			continue
		}
		err := d.store.EachPoints(r.Context(), s.Run, s.Key, s.Context, func(points []tracker.Point) error {
			for _, p := range points {
				failed = errors.Join(failed, table.Write([]string{
					s.Run, s.Key, string(s.Context), strconv.FormatInt(p.Session, 10), strconv.FormatInt(p.Step, 10),
					p.Time.UTC().Format(time.RFC3339Nano), strconv.FormatFloat(p.Value, 'g', -1, 64),
				}))
			}
			return failed
		})
		if err != nil {
			// Half of the file is out: only a broken connection says that it is not whole.
			panic(http.ErrAbortHandler)
		}
	}
	table.Flush()
	return nil
}

// figure answers with a figure drawn as plots draws it.
func (d *dashboard) figure(w http.ResponseWriter, r *http.Request) error {
	if d.options.Figure == nil {
		return notFound("draw", "figures")
	}
	q := r.URL.Query()
	ids, err := runsAsked(q)
	if err != nil {
		return err
	}
	figure := Figure{
		Format: strings.TrimPrefix(path.Ext(r.URL.Path), "."), Key: q.Get("key"), Runs: ids, Group: q.Get("group"),
		Distance: q.Get("distance") == "1", Epochs: q.Get("epochs") == "1", LogX: q.Get("logx") == "1", LogY: q.Get("logy") == "1",
	}
	if text := q.Get("smoothing"); text != "" {
		if figure.Smoothing, err = strconv.ParseFloat(text, 64); err != nil {
			return fieldError{"smoothing", err}
		}
	}
	var drawn strings.Builder
	if err := d.options.Figure(r.Context(), &drawn, figure); err != nil {
		return err
	}
	kind := map[string]string{"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}[figure.Format]
	attach(w, strings.ReplaceAll(figure.Key, "/", "-")+"."+figure.Format, kind)
	_, _ = io.WriteString(w, drawn.String())
	return nil
}
