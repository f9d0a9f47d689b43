package web

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

// run answers with everything about a run but its points and media.
func (d *dashboard) run(w http.ResponseWriter, r *http.Request) error {
	summary, err := runs.Get(r.Context(), d.store, r.PathValue("id"))
	if err != nil {
		return err
	}
	artifacts, err := d.store.Artifacts(r.Context(), summary.Run.ID)
	if err != nil {
		return err
	}
	object := d.runJSON(summary)
	files := make([]map[string]any, len(artifacts))
	for i, a := range artifacts {
		files[i] = map[string]any{"name": a.Name, "hash": a.Hash, "size": a.Size, "time": moment(a.Time)}
	}
	object["artifacts"] = files
	return write(w, object)
}

// compare answers with several runs as run does, without what only one run's page shows.
func (d *dashboard) compare(w http.ResponseWriter, r *http.Request) error {
	ids, err := runsAsked(r.URL.Query())
	if err != nil {
		return err
	}
	objects := make([]map[string]any, len(ids))
	for i, id := range ids {
		summary, err := runs.Get(r.Context(), d.store, id)
		if err != nil {
			return err
		}
		objects[i] = d.runJSON(summary)
		delete(objects[i]["source"].(map[string]any), "diff")
	}
	return write(w, map[string]any{"runs": objects})
}

func (d *dashboard) runJSON(summary runs.Summary) map[string]any {
	r := summary.Run
	params := make(map[string]any, len(r.Params))
	for key, v := range r.Params {
		params[key] = value(v)
	}
	return map[string]any{
		"id": r.ID, "project": r.Project, "name": r.Name, "group": r.Group, "parent": r.Parent, "status": r.Status,
		"started": moment(r.Started), "ended": moment(r.Ended), "heartbeat": moment(r.Heartbeat), "deleted": moment(r.Deleted),
		"seconds": duration(r, d.options.Clock()).Seconds(), "session": r.Session,
		"params": params, "tags": r.Tags, "notes": r.Notes,
		"source":  map[string]any{"command": r.Source.Command, "dir": r.Source.Dir, "commit": r.Source.Commit, "diff": r.Source.Diff},
		"machine": map[string]any{"host": r.Machine.Host, "cpu": r.Machine.CPU, "gpu": r.Machine.GPU, "env": r.Machine.Env},
		"series":  seriesJSON(summary.Series),
	}
}

// change is what a reader may alter: what is absent stays. A tag of null is taken off.
type change struct {
	Name    *string            `json:"name"`
	Notes   *string            `json:"notes"`
	Tags    map[string]*string `json:"tags"`
	Deleted *bool              `json:"deleted"` // into the bin, or out of it
}

// edit alters a run and answers with it.
func (d *dashboard) edit(w http.ResponseWriter, r *http.Request) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return fieldError{"body", fmt.Errorf("edit run: %w content type: want application/json", tracker.ErrInvalid)}
	}
	var asked change
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&asked); err != nil {
		return fieldError{"body", fmt.Errorf("edit run: %w", err)}
	}
	now := d.options.Clock()
	if _, err := d.store.UpdateRun(r.Context(), r.PathValue("id"), func(run *tracker.Run) error { return asked.apply(run, now) }); err != nil {
		return err
	}
	return d.run(w, r)
}

func (c change) apply(run *tracker.Run, now time.Time) error {
	if c.Name != nil {
		run.Name = *c.Name
	}
	if c.Notes != nil {
		run.Notes = *c.Notes
	}
	for key, v := range c.Tags {
		if v == nil {
			delete(run.Tags, key)
		} else {
			run.Tags[key] = *v
		}
	}
	switch {
	case c.Deleted == nil:
	case !*c.Deleted:
		run.Deleted = time.Time{}
	case run.Status == tracker.Running && run.Owner != nil:
		return &tracker.Error{Op: "put into the bin run", On: run.ID, Err: tracker.ErrRunning, Advice: "end its program first"}
	case run.Deleted.IsZero():
		run.Deleted = now
	}
	return nil
}
