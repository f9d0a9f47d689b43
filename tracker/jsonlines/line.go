package jsonlines

import (
	"encoding/json"
	"time"

	"paperlab/tracker"
)

// Each kind of line. All of them begin with the type.
type (
	runLine struct {
		Type      string            `json:"type"`
		ID        string            `json:"id"`
		Project   string            `json:"project"`
		Name      string            `json:"name"`
		Group     string            `json:"group,omitempty"`
		Parent    string            `json:"parent,omitempty"`
		Status    tracker.Status    `json:"status"`
		Started   time.Time         `json:"started"`
		Ended     time.Time         `json:"ended,omitzero"`
		Heartbeat time.Time         `json:"heartbeat,omitzero"`
		Deleted   time.Time         `json:"deleted,omitzero"`
		Session   int64             `json:"session"`
		Owner     *ownerLine        `json:"owner,omitempty"`
		Params    map[string]value  `json:"params"`
		Tags      map[string]string `json:"tags"`
		Notes     string            `json:"notes,omitempty"`
		Command   string            `json:"command,omitempty"`
		Dir       string            `json:"dir,omitempty"`
		Commit    string            `json:"commit,omitempty"`
		Diff      string            `json:"diff,omitempty"`
		Host      string            `json:"host,omitempty"`
		CPU       string            `json:"cpu,omitempty"`
		GPU       string            `json:"gpu,omitempty"`
		Env       map[string]string `json:"env"`
	}
	ownerLine struct {
		PID  int    `json:"pid"`
		Born uint64 `json:"born"`
		Boot string `json:"boot"`
	}

	// place is what everything that was logged at a step has in common.
	place struct {
		Type    string    `json:"type"`
		Run     string    `json:"run"`
		Key     string    `json:"key"`
		Session int64     `json:"session"`
		Step    int64     `json:"step"`
		Time    time.Time `json:"time"`
	}
	pointLine struct {
		place
		Context tracker.Context `json:"context,omitempty"`
		Value   number          `json:"value"`
	}
	textLine struct {
		place
		Body string `json:"body"`
	}
	tableLine struct {
		place
		Columns []string        `json:"columns"`
		Rows    json.RawMessage `json:"rows"` // as tracker.EncodeRows gives them
	}
	histogramLine struct {
		place
		Edges  []number `json:"edges"`
		Counts []number `json:"counts"`
	}
	imageLine struct {
		place
		MIME    string `json:"mime"`
		Width   int    `json:"width"`
		Height  int    `json:"height"`
		Caption string `json:"caption,omitempty"`
		Hash    string `json:"sha256"`
		Size    int64  `json:"size"`
	}
	consoleLine struct {
		Type    string    `json:"type"`
		Run     string    `json:"run"`
		Session int64     `json:"session"`
		Time    time.Time `json:"time"`
		Stream  string    `json:"stream"`
		Text    string    `json:"text"`
	}
	artifactLine struct {
		Type string    `json:"type"`
		Run  string    `json:"run"`
		Name string    `json:"name"`
		Time time.Time `json:"time"`
		Hash string    `json:"sha256"`
		Size int64     `json:"size"`
	}
	contentLine struct {
		Type string `json:"type"`
		Data []byte `json:"data"`
	}
	endLine struct {
		Type   string `json:"type"`
		Run    string `json:"run"`
		Points int64  `json:"points"`
	}
)

func newRunLine(r *tracker.Run) runLine {
	line := runLine{
		Type: "run", ID: r.ID, Project: r.Project, Name: r.Name, Group: r.Group, Parent: r.Parent, Status: r.Status,
		Started: r.Started, Ended: r.Ended, Heartbeat: r.Heartbeat, Deleted: r.Deleted, Session: r.Session,
		Params: map[string]value{}, Tags: r.Tags, Notes: r.Notes,
		Command: r.Source.Command, Dir: r.Source.Dir, Commit: r.Source.Commit, Diff: r.Source.Diff,
		Host: r.Machine.Host, CPU: r.Machine.CPU, GPU: r.Machine.GPU, Env: r.Machine.Env,
	}
	if o := r.Owner; o != nil {
		line.Owner = &ownerLine{o.PID, o.Born, o.Boot}
	}
	for key, v := range r.Params {
		line.Params[key] = value{v}
	}
	return line
}

// run is the opposite of newRunLine.
func (l runLine) run() *tracker.Run {
	r := &tracker.Run{
		ID: l.ID, Project: l.Project, Name: l.Name, Group: l.Group, Parent: l.Parent, Status: l.Status,
		Started: l.Started, Ended: l.Ended, Heartbeat: l.Heartbeat, Deleted: l.Deleted, Session: l.Session,
		Params: tracker.Params{}, Tags: l.Tags, Notes: l.Notes,
		Source:  tracker.Source{Command: l.Command, Dir: l.Dir, Commit: l.Commit, Diff: l.Diff},
		Machine: tracker.Machine{Host: l.Host, CPU: l.CPU, GPU: l.GPU, Env: l.Env},
	}
	if o := l.Owner; o != nil {
		r.Owner = &tracker.Owner{PID: o.PID, Born: o.Born, Boot: o.Boot}
	}
	for key, v := range l.Params {
		r.Params[key] = v.any
	}
	return r
}
